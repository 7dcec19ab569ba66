"""Finds speech that says something twice: a voice that is a model may go round in circles."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from services.narrator.loudness import Wave
from services.narrator.samples import Samples

# Stretches are compared frame by frame, from a new place every step.
_HOP = 0.04
_STEP = 0.4

# The edges of the bands in which speech is told apart, in hertz.
_BANDS = (100, 300, 500, 700, 950, 1_250, 1_600, 2_100, 2_800, 3_800, 5_200)
# What is quieter than that, below the loudest, is the same silence everywhere.
_FLOOR_DB = 50.0
# Beyond that speech, even of a machine, differs enough to tell; a hum does not.
_LEAST_CHANGE_DB = 2.0


def likeness(samples: Samples, sample_rate: int, seconds: float) -> float:
    """Return how alike the two most alike stretches are that do not overlap: 1.0 is equal.

    Args:
        samples: Speech.
        sample_rate: How many samples a second has.
        seconds: How long a stretch is.
    """
    shapes = _shapes(samples, sample_rate)
    length = round(seconds / _HOP)
    if len(shapes) < 2 * length or float(shapes.std(0).mean()) < _LEAST_CHANGE_DB:
        return 0.0
    shapes -= shapes.mean(0)
    windows = sliding_window_view(shapes, length, axis=0).reshape(len(shapes) - length + 1, -1)
    windows = windows / np.maximum(np.linalg.norm(windows, axis=1, keepdims=True), 1e-6)
    step = round(_STEP / _HOP)
    alike = windows[::step] @ windows.T
    places = np.arange(len(windows))
    apart = np.abs(places[::step, None] - places[None, :]) >= length
    return float(np.max(alike, where=apart, initial=0.0))


def repeated_characters(text: str) -> int:
    """Return how long the longest stretch of `text` is that comes again in it."""
    shortest, longest = 0, len(text) // 2
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if _comes_again(text, middle):
            shortest = middle
        else:
            longest = middle - 1
    return shortest


def _comes_again(text: str, length: int) -> bool:
    first: dict[str, int] = {}
    return any(
        first.setdefault(text[at : at + length], at) <= at - length
        for at in range(len(text) - length + 1)
    )


def _shapes(samples: Samples, sample_rate: int) -> Wave:
    size = round(_HOP * sample_rate)
    # Frames of two hops: a repetition may begin anywhere between them.
    frames = sliding_window_view(samples, 2 * size)[::size].astype(np.float32)
    frames *= np.hanning(2 * size).astype(np.float32)
    power = np.square(np.abs(np.fft.rfft(frames)))
    edges = [round(hertz * 2 * size / sample_rate) for hertz in _BANDS]
    bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
    levels = 10 * np.log10(bands + 1.0)
    shapes: Wave = np.maximum(levels, levels.max() - _FLOOR_DB).astype(np.float32)
    return shapes
