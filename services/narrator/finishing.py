"""Brings sound to its loudness in a file: encodes it, hears it again, and mends it if it must.

What an encoder does to peaks and loudness is allowed for beforehand, so that one take is enough
nearly always. An encoder changes what it encodes all the same: where that takes a peak too high,
or the loudness too far off, it is asked again for something that is lower there, or nearer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from services.narrator import encoding, mastering
from services.narrator.encoding import Encoding
from services.narrator.loudness import Measured, Wave
from services.narrator.mastering import Master, Target

# From what is to be done to a sound to the file of it.
Encode: TypeAlias = Callable[[Master], bytes]

# Meters differ by so many decibels in what they call the highest peak.
_METERS_DIFFER = 0.15
_TAKES = 6
_TOLERANCE = 0.7
# What is too high, and loud enough without that, is made quieter as a whole, by that and a little.
_QUIETER_TAKES, _A_LITTLE, _NEAR_ENOUGH = 2, 0.1, 0.05
# A limiter that takes away more than this leaves most of a voice near the ceiling.
_DEEP = 6.0


@dataclass(frozen=True, slots=True)
class Take:
    """A file, and what is heard of it."""

    master: Master
    audio: bytes
    heard: Measured
    target: Target

    @property
    def beside(self) -> float:
        """Return by how much it is too loud."""
        return self.target.level_of(self.heard) - self.target.level

    @property
    def good(self) -> bool:
        """Return whether nothing is to be done about it."""
        high, beside = self.faults
        return high <= _NEAR_ENOUGH and beside <= _TOLERANCE

    @property
    def needs_only_less(self) -> bool:
        """Return whether it would be good if all of it were a little quieter."""
        less = self.faults[0] + _A_LITTLE
        return not self.good and abs(self.beside - less) <= _TOLERANCE

    @property
    def faults(self) -> tuple[float, float]:
        """Return how much is wrong with it; a peak that is too high is worse than any level."""
        high = self.heard.true_peak - self.target.peak + _METERS_DIFFER
        return max(0.0, high), abs(self.beside)


@dataclass(slots=True)
class _Aim:
    """What the next take tries for."""

    sound: Measured
    target: Target
    encoding: Encoding
    level: float
    ceiling: float
    extra: Wave = field(init=False)

    def __post_init__(self) -> None:
        self.extra = np.zeros(len(self.sound.peaks), np.float32)

    def master(self) -> Master:
        found = self._master()
        pressed = self.target.peak - max(self.encoding.pressed, _METERS_DIFFER)
        if found.depth > _DEEP and pressed < self.ceiling:
            self.ceiling = pressed
            found = self._master()
        return found

    def learn(self, take: Take) -> None:
        # Lowered where it was too high, and nowhere else: a lower ceiling for all of it takes
        # away the loudness that is asked for.
        self.extra += mastering.overshoots(
            take.heard,
            peak=self.target.peak - 2 * _METERS_DIFFER,
            milliseconds=len(self.extra),
        )
        self.level -= take.beside

    def _master(self) -> Master:
        return mastering.mastered(
            self.sound,
            target=self.target,
            level=self.level,
            ceiling=self.ceiling,
            extra=self.extra,
        )


def finished(sound: Measured, *, target: Target, how: Encoding, encode: Encode) -> Take:
    """Return the best file of a sound.

    Args:
        sound: What was measured on it.
        target: How loud it is to be.
        how: What it is encoded with.
        encode: Encodes it.
    """

    def take(master: Master) -> Take:
        audio = encode(master)
        return Take(master, audio, encoding.measured(audio), target)

    ceiling = target.peak - max(how.headroom, _METERS_DIFFER)
    aim = _Aim(sound, target, how, target.level + how.loss, ceiling)
    takes = [take(aim.master())]
    while len(takes) < _TAKES and not takes[-1].good and not takes[-1].needs_only_less:
        aim.learn(takes[-1])
        takes.append(take(aim.master()))
    best = min(takes, key=lambda each: each.faults)
    for _ in range(_QUIETER_TAKES):
        if best.faults[0] <= _NEAR_ENOUGH:
            break
        quieter = best.master.quieter(best.faults[0] + _A_LITTLE)
        best = min(best, take(quieter), key=lambda each: each.faults)
    return best
