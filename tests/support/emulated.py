"""What tests of the emulators share."""

import io
import math
import wave
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np

Ask = Callable[..., Awaitable[Any]]


def heard(file: bytes) -> tuple[float, float]:
    """Return how long a WAV file is, and how loud: dB below full scale."""
    with wave.open(io.BytesIO(file)) as wav:
        samples = np.frombuffer(wav.readframes(wav.getnframes()), "<i2").astype(float)
        seconds = wav.getnframes() / wav.getframerate()
    level = math.sqrt(float(np.mean(samples**2))) if len(samples) else 0.0
    return seconds, 20 * math.log10(max(level, 1e-9) / 32_768)
