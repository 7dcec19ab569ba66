"""Puts segments one after another, so that nobody hears where they meet."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from services.narrator.samples import SAMPLE_RATE, Samples, silence

SENTENCE_PAUSE = 0.25
PARAGRAPH_PAUSE = 0.6

# What is quieter than -50 dB at either end is not speech; a little of it is kept for breath.
_SILENT = round(32_768 * 10 ** (-50 / 20))
_KEPT_BEFORE = round(0.020 * SAMPLE_RATE)
_KEPT_AFTER = round(0.040 * SAMPLE_RATE)
_FADE = round(0.005 * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Span:
    """When something is heard, in seconds from the start."""

    start: float
    end: float


class Joiner:
    """A narration as it grows: hands on the sound, and keeps when each segment is heard."""

    def __init__(self, write: Callable[[Samples], None]) -> None:
        self.spans: list[Span] = []
        self._write = write
        self._written = 0
        self._pause = 0.0

    def add(self, samples: Samples, *, ends_paragraph: bool) -> None:
        """Put one more segment at the end."""
        self._hand_on(silence(self._pause))
        start = self.seconds
        self._hand_on(_faded(_trimmed(samples)))
        self.spans.append(Span(start, self.seconds))
        self._pause = PARAGRAPH_PAUSE if ends_paragraph else SENTENCE_PAUSE

    @property
    def seconds(self) -> float:
        """Return how long it is by now."""
        return self._written / SAMPLE_RATE

    def _hand_on(self, samples: Samples) -> None:
        if len(samples):
            self._write(samples)
            self._written += len(samples)


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero((samples > _SILENT) | (samples < -_SILENT))
    if not len(loud):
        return samples
    return samples[max(0, loud[0] - _KEPT_BEFORE) : loud[-1] + 1 + _KEPT_AFTER]


def _faded(samples: Samples) -> Samples:
    length = min(_FADE, len(samples) // 2)
    if not length:
        return samples
    ramp = np.linspace(0.0, 1.0, length, dtype=np.float32)
    faded = samples.copy()
    faded[:length] = faded[:length] * ramp
    faded[-length:] = faded[-length:] * ramp[::-1]
    return faded
