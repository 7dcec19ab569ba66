"""What this process did in the last minutes, for whoever asks how busy it is now.

Metrics need a server that scrapes and keeps them; this is told to everybody through Redis,
and so is there in the smallest installation as well.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

SECONDS = 300
_BUCKET_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """What was done.

    Attributes:
        in_flight: Records in hand.
        handled: Records that came to their end in the last minutes.
        busy_seconds: How long these took, added up.
        over_seconds: How long those minutes are: less in a process that is younger.
    """

    in_flight: int = 0
    handled: int = 0
    busy_seconds: float = 0.0
    over_seconds: float = 0.0


@dataclass(slots=True)
class Recent:
    """Counts of the last minutes, in portions that are forgotten one by one."""

    began: float = field(default_factory=time.monotonic)
    in_flight: int = 0
    _portions: dict[int, tuple[int, float]] = field(default_factory=dict)

    @contextmanager
    def record(self) -> Iterator[None]:
        """Count what is done here as one record."""
        began = time.monotonic()
        self.in_flight += 1
        try:
            yield
        finally:
            self.in_flight -= 1
            now = time.monotonic()
            self.handled(1, now - began, now=now)

    def handled(self, records: int, seconds: float, *, now: float | None = None) -> None:
        """Count records that took `seconds` in all."""
        portion = int((time.monotonic() if now is None else now) // _BUCKET_SECONDS)
        before, busy = self._portions.get(portion, (0, 0.0))
        self._portions[portion] = (before + records, busy + seconds)

    def figures(self, *, now: float | None = None) -> Figures:
        """Return what was done in the last minutes."""
        at = time.monotonic() if now is None else now
        oldest = int((at - SECONDS) // _BUCKET_SECONDS) + 1
        for portion in [each for each in self._portions if each < oldest]:
            del self._portions[portion]
        return Figures(
            in_flight=self.in_flight,
            handled=sum(records for records, _ in self._portions.values()),
            busy_seconds=round(sum(busy for _, busy in self._portions.values()), 3),
            over_seconds=round(min(at - self.began, SECONDS), 1),
        )


# Of this process: it has one stage.
HERE = Recent()
