"""How fast each voice really speaks, learned as it does: what is far beside that lacks a part."""

import math
from collections import deque
from statistics import median

# The newest of each voice; so many are enough to be strict.
_REMEMBERED, _ENOUGH = 64, 2

# How much shorter or longer than its voice is used to a speech may be, and what a few words
# may be off whatever their length.
_SHORTER, _LONGER = 0.77, 1.45
_SLACK_SECONDS = 0.4


class Paces:
    """The paces of voices, each as a factor of what their language is expected to take."""

    def __init__(self) -> None:
        self._heard: dict[str, deque[float]] = {}

    def usual(self, voice: str) -> float | None:
        """Return the factor of `voice`, once enough of it was heard."""
        heard = self._heard.get(voice, ())
        return median(heard) if len(heard) >= _ENOUGH else None

    def heard(self, voice: str, *, seconds: float, expected: float) -> None:
        """Learn from one speech, also from a bad one: most are good, and this is a median."""
        if seconds > 0 and math.isfinite(seconds / expected):
            self._heard.setdefault(voice, deque(maxlen=_REMEMBERED)).append(seconds / expected)


def limits(usual_seconds: float) -> tuple[float, float]:
    """Return how short and how long speech may be that should last for `usual_seconds`."""
    return (
        _SHORTER * usual_seconds - _SLACK_SECONDS,
        _LONGER * usual_seconds + _SLACK_SECONDS,
    )
