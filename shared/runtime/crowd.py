"""Keeps one user's records from filling a stage.

What the aggregator releases is shared between users before it reaches Kafka. What other
systems publish is not: of that, what is more than one user's part of the window is given
back, and comes again in fair portions. And of what is in the window, a few of every user's
records are worked on at once, in order: the first ones finish while the last ones wait, and
nobody's thousands are all begun before another's three are read.
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


@dataclass(slots=True)
class Crowd:
    """Who has how many records open in this process.

    Attributes:
        most: Of one user.
        at_once: Of those, how many are worked on; the others wait for them.
    """

    most: int
    at_once: int = sys.maxsize
    _open: Counter[UUID] = field(default_factory=Counter)
    _working: dict[UUID, Slots] = field(default_factory=dict)

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
            async with self._working.setdefault(user, Slots(self.at_once)):
                yield
        finally:
            self._open[user] -= 1
            if not self._open[user]:
                del self._open[user], self._working[user]
