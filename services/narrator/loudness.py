"""How loud sound is: ITU-R BS.1770 with its two gates, and true peaks of four times the rate.

The K-weighting is applied to the spectrum of every tenth of a second, where it is one product
for a whole narration: a fiftieth of what it costs to encode it, and within 0.05 LU of filters.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Wave: TypeAlias = NDArray[np.float32]
Series: TypeAlias = NDArray[np.float64]

# A gating block is four of these, and begins with every one.
TENTH = 0.1
_BLOCK = 4
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
_OFFSET = -0.691

# Peaks are kept by the millisecond. Where samples stay this far below the loudest of their
# surroundings, what lies between them is not looked for: no limiter reaches so far down. Who
# wants the highest of all, and no other, need not look at what is a little below that.
_QUIET, _FAR_BELOW = 0.1, 0.7
_REACH = 12
_OVERSAMPLING = 4

# From here on OpenBLAS wakes a thread for each processor, and those spin while they wait for the
# next product: at these sizes they cost twice what they do.
_ONE_THREAD = 250_000

# Sound is measured in stretches of this many tenths: large products, and little memory.
_STRETCH = 100

NOTHING = -120.0


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on a sound.

    Attributes:
        weighted: The mean square of each tenth of a second, K-weighted.
        plain: The same without weighting.
        peaks: The true peak of each millisecond; 1.0 is full scale.
        energies: The mean square of each millisecond.
    """

    weighted: Series
    plain: Series
    peaks: Wave
    energies: Wave

    @property
    def lufs(self) -> float:
        """Return the integrated loudness."""
        return integrated(self.weighted)

    @property
    def rms(self) -> float:
        """Return the plain level in decibels, pauses included."""
        return decibels(float(self.plain.mean()), power=True)

    @property
    def true_peak(self) -> float:
        """Return the highest peak in decibels."""
        return decibels(float(self.peaks.max()))


def integrated(weighted: Series) -> float:
    """Return the gated loudness of K-weighted mean squares, in LUFS."""
    sums = np.concatenate(([0.0], np.cumsum(weighted)))
    block = min(_BLOCK, len(weighted))
    blocks = (sums[block:] - sums[:-block]) / block
    loud = blocks[blocks > 10 ** ((_ABSOLUTE_GATE - _OFFSET) / 10)]
    if not len(loud):
        return NOTHING
    gate = loud.mean() * 10 ** (_RELATIVE_GATE / 10)
    return _OFFSET + decibels(float(loud[loud > gate].mean()), power=True)


def decibels(value: float, *, power: bool = False) -> float:
    """Return a level in decibels."""
    return (10 if power else 20) * math.log10(value) if value > 0 else NOTHING


def product(rows: Wave, matrix: Wave) -> Wave:
    """Return `rows @ matrix`, in portions that are small enough for one thread."""
    portion = max(1, _ONE_THREAD // matrix.size)
    whole = len(rows) // portion * portion
    many: Wave = np.matmul(rows[:whole].reshape(-1, portion, rows.shape[1]), matrix)
    found = many.reshape(-1, matrix.shape[1])
    return found if whole == len(rows) else np.concatenate((found, rows[whole:] @ matrix))


class Meter:
    """Measures sound as it comes along.

    Args:
        sample_rate: How many samples a second has.
        only_highest: Whether of the peaks only the highest need be true.
        every: Loudness is told by every so many samples: for sound that was made at a lower
            rate, and has nothing of what would then be folded into it.
    """

    def __init__(self, sample_rate: int, *, only_highest: bool = False, every: int = 1) -> None:
        self._only_highest = only_highest
        self._highest = 0.0
        self._every = every
        self._tenth = round(TENTH * sample_rate)
        self._weights = _weights(sample_rate // every, self._tenth // every)
        self._millisecond = sample_rate // 1_000
        self._waiting: list[Wave] = [np.zeros(_REACH, np.float32)]
        self._count = 0
        self._powers: list[Series] = []
        self._peaks: list[Wave] = []
        self._energies: list[Wave] = []

    def add(self, samples: Wave) -> None:
        """Go on with `samples`; 1.0 is full scale."""
        self._waiting.append(samples)
        self._count += len(samples)
        stretch = _STRETCH * self._tenth
        # Peaks look a little ahead of their own millisecond.
        if self._count >= stretch + _REACH:
            whole = np.concatenate(self._waiting)
            end = (self._count - _REACH) // self._tenth * self._tenth
            self._measure(whole, end)
            self._waiting = [whole[end:]]
            self._count -= end

    def measured(self) -> Measured:
        """Return what was measured. Nothing may be added any more."""
        padding = -self._count % self._tenth
        self._waiting.append(np.zeros(padding + _REACH, np.float32))
        self._measure(np.concatenate(self._waiting), self._count + padding)
        powers = np.concatenate(self._powers)
        # A last tenth that is mostly padding would be measured too low.
        if padding and len(powers) > _BLOCK:
            powers = powers[:-1]
        peaks, energies = np.concatenate(self._peaks), np.concatenate(self._energies)
        return Measured(powers[:, 0], powers[:, 1], peaks, energies)

    def _measure(self, whole: Wave, end: int) -> None:
        body = whole[_REACH : _REACH + end : self._every].reshape(-1, self._tenth // self._every)
        spectrum = np.fft.rfft(body).view(np.float32)
        np.square(spectrum, out=spectrum)
        self._powers.append(product(spectrum, self._weights).astype(np.float64))
        peaks = _true_peaks(
            whole[: end + 2 * _REACH],
            self._millisecond,
            floor=_FAR_BELOW * self._highest if self._only_highest else 0.0,
        )
        self._highest = max(self._highest, float(peaks.max(initial=0.0)))
        self._peaks.append(peaks)
        count = len(peaks) * self._millisecond
        rows = whole[_REACH : _REACH + count].reshape(-1, self._millisecond)
        self._energies.append(np.einsum("ij,ij->i", rows, rows) / np.float32(self._millisecond))


def _true_peaks(whole: Wave, size: int, *, floor: float) -> Wave:
    count = (len(whole) - 2 * _REACH) // size
    peaks = _highest(whole[_REACH : _REACH + count * size], size)
    hot = np.flatnonzero(peaks > max(_QUIET * float(peaks.max(initial=0.0)), floor, 1e-5))
    windows = np.lib.stride_tricks.sliding_window_view(whole, size + 2 * _REACH)[::size]
    between = product(windows[hot], _between(size))
    peaks[hot] = np.maximum(peaks[hot], _highest(between.reshape(-1), between.shape[1]))
    return peaks


def _highest(samples: Wave, size: int) -> Wave:
    # Four times as fast as `max` along short rows.
    if not len(samples):
        return np.zeros(0, np.float32)
    found: Wave = np.maximum.reduceat(np.abs(samples), np.arange(0, len(samples), size))
    return found


@cache
def _between(size: int) -> Wave:
    # Columns: the points between the samples of a window, by windowed sinc.
    at = _REACH + np.arange(-1, size * _OVERSAMPLING + 1) / _OVERSAMPLING
    distance = at[None, :] - np.arange(size + 2 * _REACH)[:, None]
    window = np.where(np.abs(distance) < _REACH, np.cos(np.pi * distance / (2 * _REACH)) ** 2, 0)
    between = np.arange(len(at)) % _OVERSAMPLING != 1
    kernels: Wave = (np.sinc(distance) * window)[:, between].astype(np.float32)
    return kernels


@cache
def _weights(sample_rate: int, size: int) -> Wave:
    # Mean square of a block from its spectrum (Parseval): once weighted, once plain. A row for
    # the real part of every bin, and one for its imaginary part.
    bins = np.arange(size // 2 + 1)
    once = np.where((bins == 0) | (2 * bins == size), 1.0, 2.0) / size**2
    weighted = once * _k_weighting(2 * np.pi * bins / size, sample_rate)
    return np.repeat(np.stack([weighted, once], axis=1), 2, axis=0).astype(np.float32)


def _k_weighting(angle: Series, sample_rate: int) -> Series:
    # Both filters of BS.1770 for any sample rate, as every implementation derives them.
    k, q, gain = math.tan(math.pi * 1681.974450955533 / sample_rate), 0.7071752369554196, 1.584865
    middle = gain**0.4996667741545416
    shelf = _power(
        (gain + middle * k / q + k * k, 2 * (k * k - gain), gain - middle * k / q + k * k),
        (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k),
        angle,
    )
    k, q = math.tan(math.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    denominator = (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k)
    # Its numerator is 1, -2, 1 without the division that makes the others equal to one at DC.
    scaled = (denominator[0], -2 * denominator[0], denominator[0])
    return shelf * _power(scaled, denominator, angle)


def _power(
    above: tuple[float, float, float], below: tuple[float, float, float], angle: Series
) -> Series:
    turn = np.exp(-1j * angle)
    response = np.polynomial.polynomial.polyval(turn, above) / np.polynomial.polynomial.polyval(
        turn, below
    )
    return np.asarray(np.abs(response) ** 2, np.float64)
