"""Brings a narration to the loudness of its profile: one gain, and a limiter where it needs one.

The limiter knows the whole narration before it begins. Its envelope falls ahead of a peak and
rises after it by so many decibels a millisecond, so that nobody hears it work.
"""

import math
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from services.narrator.loudness import Measured, Wave, decibels, integrated
from services.narrator.samples import SAMPLE_RATE, Samples
from shared.vocabulary import Profile

# Part of every narration's fingerprint: raise it when the same speech would come out otherwise.
VERSION = "mastering/4"

MILLISECOND = SAMPLE_RATE // 1_000
_TENTH = 100

# Decibels a millisecond. What stays too quiet is let go faster: less around a peak is lowered.
_ATTACK, _SLOW, _FAST = 1.5, 0.08, 0.3
# What a limiter takes away is given back by more gain, in a few steps: each as long as what the
# one before it brought tells, and no longer than this would tell.
_STEPS, _FLATTEST = 12, 0.1
_NEAR_ENOUGH, _TOO_QUIET = 0.05, 0.2
_MOST_GAIN = 60.0
# Peaks below the highest by more than that are not known between samples.
_DEEPEST = 18.0
# Milliseconds before and after what an encoder made too high: its own transform smears as much.
_AROUND = 6


@dataclass(frozen=True, slots=True)
class Target:
    """What a profile asks for.

    Attributes:
        level: In LUFS, or in dB RMS over everything.
        peak: The highest true peak there may be, in dBTP.
        by_rms: Whether `level` is RMS.
    """

    level: float
    peak: float = -1.0
    by_rms: bool = False

    def level_of(self, measured: Measured) -> float:
        """Return what of a sound should be `level`."""
        return measured.rms if self.by_rms else measured.lufs


TARGETS = {
    Profile.PODCAST: Target(-16.0),
    Profile.YOUTUBE: Target(-14.0),
    Profile.BROADCAST: Target(-23.0),
    Profile.ACX: Target(-20.0, peak=-3.0, by_rms=True),
}


@dataclass(frozen=True, slots=True)
class Master:
    """What is done to a narration.

    Attributes:
        gain: As a factor.
        envelope: What the limiter leaves, at the beginning of each millisecond; None where it
            has nothing to do.
        depth: The most that it takes away, in decibels.
    """

    gain: float
    envelope: Wave | None
    depth: float = 0.0

    def quieter(self, decibels: float) -> Self:
        """Return the same with that much less gain."""
        return replace(self, gain=self.gain * 10 ** (-decibels / 20))

    def applied(self, samples: Samples, *, at: int) -> Wave:
        """Return `samples`, which begin at sample `at` of the narration, as they are to sound."""
        wave = samples.astype(np.float32)
        wave *= np.float32(self.gain / 32_768)
        if self.envelope is None:
            return wave
        blocks = -(-len(wave) // MILLISECOND)
        nodes = self.envelope[at // MILLISECOND : at // MILLISECOND + blocks + 1]
        if nodes.min() < 1.0:
            ramp = np.arange(MILLISECOND, dtype=np.float32) / MILLISECOND
            factors = nodes[:-1, None] + np.diff(nodes)[:, None] * ramp
            wave *= factors.reshape(-1)[: len(wave)]
        return wave


def mastered(
    measured: Measured, *, target: Target, level: float, ceiling: float, extra: Wave | None = None
) -> Master:
    """Return what brings a sound to its target.

    Args:
        measured: The sound as it is.
        target: What its profile asks for.
        level: What to aim at, which may be a little beside what the target says.
        ceiling: What no peak may pass, in dBTP.
        extra: By how many decibels each millisecond is to stay below that besides.
    """
    limiter = _Limiter(measured, target, extra)
    reach = limiter.reach(level, ceiling, _SLOW)
    if reach.lacking > _TOO_QUIET:
        reach = limiter.reach(level, ceiling, _FAST)
    factor = 10 ** (reach.gain / 20)
    if reach.reduction is None:
        return Master(factor, None)
    return Master(factor, _nodes(reach.reduction), float(reach.reduction.max()))


@dataclass(frozen=True, slots=True)
class _Reach:
    """A gain, what limits it, and what a level lacks then: all in decibels."""

    gain: float
    reduction: Wave | None
    lacking: float


class _Limiter:
    def __init__(self, measured: Measured, target: Target, extra: Wave | None) -> None:
        self._measured = measured
        self._target = target
        self._levels = 20 * np.log10(np.maximum(measured.peaks, 1e-6))
        if extra is not None:
            self._levels += extra
        # Where in a tenth of a second its energy lies.
        powers = measured.plain if target.by_rms else measured.weighted
        self._powers = powers
        self._squares = np.full((len(powers), _TENTH), 1e-12, np.float32)
        count = min(self._squares.size, len(measured.energies))
        self._squares.reshape(-1)[:count] += measured.energies[:count]
        self._sums = self._squares.sum(1)

    def reach(self, level: float, ceiling: float, release: float) -> _Reach:
        """Return what comes nearest to a level below a ceiling."""
        most = min(_MOST_GAIN, ceiling + _DEEPEST - float(self._levels.max()))
        gain, slope = min(level - self.level_after(None), most), 1.0
        found = self._at(gain, level, ceiling, release)
        for _ in range(_STEPS):
            if found.reduction is None or abs(found.lacking) < _NEAR_ENOUGH or gain >= most:
                break
            gain = min(gain + found.lacking / max(slope, _FLATTEST), most)
            before, found = found, self._at(gain, level, ceiling, release)
            # What a decibel of gain brings: the deeper a limiter works, the less.
            slope = (before.lacking - found.lacking) / (gain - before.gain or 1.0)
        return found

    def _at(self, gain: float, level: float, ceiling: float, release: float) -> _Reach:
        reduction = self.reduction(gain - ceiling, release)
        return _Reach(gain, reduction, level - gain - self.level_after(reduction))

    def reduction(self, above: float, release: float) -> Wave | None:
        """Return how many decibels each millisecond is lowered by."""
        over = np.maximum(self._levels + np.float32(above), 0)
        if not over.any():
            return None
        # Its ramps would outgrow single precision.
        time = np.arange(len(over), dtype=np.float64)
        falling = np.maximum.accumulate(over + release * time) - release * time
        rising = np.maximum.accumulate((over - _ATTACK * time)[::-1])[::-1] + _ATTACK * time
        return np.maximum(falling, rising).clip(0).astype(np.float32)

    def level_after(self, reduction: Wave | None) -> float:
        """Return what that leaves of the level, told from where energy lies."""
        if reduction is None:
            return self._target.level_of(self._measured)
        kept = np.ones(self._squares.size, np.float32)
        count = min(len(kept), len(reduction))
        kept[:count] = np.exp(reduction[:count] * np.float32(-math.log(10) / 10))
        shares = (kept.reshape(-1, _TENTH) * self._squares).sum(1) / self._sums
        limited = self._powers * shares
        if self._target.by_rms:
            return decibels(float(limited.mean()), power=True)
        return integrated(limited)


def overshoots(heard: Measured, *, peak: float, milliseconds: int) -> Wave:
    """Return by how much an encoder made each millisecond too high, and a little around it.

    Args:
        heard: What it made.
        peak: What was not to be passed, in dBTP.
        milliseconds: How many the sound has that it was given.
    """
    over = np.maximum(20 * np.log10(np.maximum(heard.peaks, 1e-6)) - np.float32(peak), 0)
    # A little more than was too much: what is lowered comes back a little higher.
    over[over > 0] = 1.5 * over[over > 0] + 0.3
    # A "millisecond" of 44.1 kHz is a little short.
    at = np.linspace(0, len(over) - 1, milliseconds).round().astype(int)
    around = np.pad(over[at], _AROUND)
    found: Wave = sliding_window_view(around, 2 * _AROUND + 1).max(1).astype(np.float32)
    return found


def _nodes(reduction: Wave) -> Wave:
    # One between any two milliseconds, low enough for both: so is what lies between nodes.
    edges = np.concatenate((reduction[:1], np.maximum(reduction[1:], reduction[:-1])))
    # Some at the end for what is padded to whole milliseconds.
    padded = np.concatenate((edges, np.full(2, reduction[-1])))
    return (10 ** (-padded / 20)).astype(np.float32)
