"""How fast a batch goes, from how many of its jobs had ended at a few moments. Pure."""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from uuid import UUID

WINDOW_SECONDS = 180.0
# Fewer jobs, or less time, would make the remaining time jump about.
LEAST_SECONDS = 3.0
LEAST_JOBS = 3
# Batches that are followed at once; the one not heard of for longest is forgotten.
FOLLOWED = 10_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How a batch goes, and when it will have ended; None until that is more than a guess."""

    jobs_per_minute: float = 0.0
    remaining_seconds: float | None = None


@dataclass(slots=True)
class Throughput:
    """Remembers the last minutes of every batch that moves."""

    _seen: OrderedDict[UUID, deque[tuple[float, int]]] = field(default_factory=OrderedDict)

    def pace(self, batch_id: UUID, *, at: float, ended: int, total: int) -> Pace:
        """Return the pace of a batch of which `ended` jobs have ended by the moment `at`."""
        moments = self._seen.setdefault(batch_id, deque())
        self._seen.move_to_end(batch_id)
        moments.append((at, ended))
        while len(moments) > 2 and moments[1][0] <= at - WINDOW_SECONDS:
            moments.popleft()
        self._forget(batch_id, over=ended >= total)
        seconds, jobs = at - moments[0][0], ended - moments[0][1]
        if ended >= total:
            return Pace(60 * jobs / seconds if seconds > 0 else 0.0, 0.0)
        if seconds < LEAST_SECONDS or jobs < LEAST_JOBS:
            return Pace()
        return Pace(60 * jobs / seconds, (total - ended) * seconds / jobs)

    def _forget(self, batch_id: UUID, *, over: bool) -> None:
        if over:
            del self._seen[batch_id]
        while len(self._seen) > FOLLOWED:
            self._seen.popitem(last=False)
