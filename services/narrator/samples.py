"""Sound as numbers: 16-bit mono samples, at the one rate that narrations have."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.int16]

SAMPLE_RATE = 24_000


def silence(seconds: float) -> Samples:
    """Return nothing, for that long."""
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)
