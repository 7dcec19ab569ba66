"""Keeps one user's records from filling a stage.

What the aggregator releases is shared between users before it reaches Kafka. What other
systems publish is not: of that, what is more than one user's part of the window is given
back, and comes again in fair portions. And of what is in the window, a few of every user's
records are worked on at once, in order: the first ones finish while the last ones wait, and
nobody's thousands are all begun before another's three are read.

How many are worked on depends on how short of processors the process is. Where a machine has
more to do than processors, everything on it takes longer, also somebody's three jobs: at each
hop they are next, and each hop waits for a processor. So users begin fewer at once while that
is so. The slowest stage decides how soon their thousands end either way; the others only run
less far ahead of it.
"""

import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

from shared.errors import StoppedError
from shared.events import JobEvent
from shared.quota import Slots

# Of all time, in which the process could have gone on and no processor was free.
SHORT, RELIEVED = 0.2, 0.1
# So many of a user's records are worked on where nothing is known yet, and at least always.
FIRST, LEAST = 16, 4


@dataclass(slots=True)
class Crowd:
    """Who has how many records open in this process.

    Attributes:
        most: Of one user.
        at_once: Of those, how many are worked on at most; the others wait for them.
    """

    most: int
    at_once: int = sys.maxsize
    _allowed: int = field(init=False)
    _open: Counter[UUID] = field(default_factory=Counter)
    _working: dict[UUID, Slots] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._allowed = min(FIRST, self.at_once)

    def heed(self, pressure: float) -> None:
        """Have users begin fewer records at once, or more, by how short processors are.

        Half as many at each call while they are short; a quarter more once they are not, as
        long as somebody waits.

        Args:
            pressure: Which part of the last moments the process waited for a processor.
        """
        if pressure > SHORT:
            self._allow(max(LEAST, self._allowed // 2))
        elif pressure < RELIEVED:
            most = self.at_once if self._somebody_waits() else max(FIRST, self._allowed)
            self._allow(min(most, self._allowed + max(1, self._allowed // 4)))

    def _somebody_waits(self) -> bool:
        return any(slots.waiting for slots in self._working.values())

    def _allow(self, records: int) -> None:
        self._allowed = min(records, self.at_once)
        for slots in self._working.values():
            slots.resize(self._allowed)

    @asynccontextmanager
    async def place(self, event: JobEvent) -> AsyncIterator[None]:
        """Wait for the user's turn at `event`; count it while the context is open.

        Raises:
            StoppedError: its user has enough of them here, or stopped it while it waited.
        """
        user = event.user_id
        # Once only: what comes from the release loop was shared out already.
        if self._open[user] >= self.most and event.parking == 0:
            raise StoppedError("waiting", f"{self.most} jobs of its user are open here already")
        self._open[user] += 1
        try:
            async with self._working.setdefault(user, Slots(self._allowed)):
                yield
        finally:
            self._open[user] -= 1
            if not self._open[user]:
                del self._open[user], self._working[user]
