"""Keeps one user's records from filling a stage's window.

What the aggregator releases is shared between users before it reaches Kafka. What other
systems publish is not: of that, what is more than one user's part is given back, and comes
again in fair portions.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from shared.errors import StoppedError
from shared.events import JobEvent


@dataclass(slots=True)
class Crowd:
    """Who has how many records open in this process.

    Attributes:
        most: Of one user.
    """

    most: int
    _open: Counter[UUID] = field(default_factory=Counter)

    @contextmanager
    def place(self, event: JobEvent) -> Iterator[None]:
        """Count `event` among its user's while the context is open.

        Raises:
            StoppedError: its user has enough of them here.
        """
        user = event.user_id
        # Once only: what comes from the release loop was shared out already.
        if self._open[user] >= self.most and event.parking == 0:
            raise StoppedError("waiting", f"{self.most} jobs of its user are open here already")
        self._open[user] += 1
        try:
            yield
        finally:
            self._open[user] -= 1
            if not self._open[user]:
                del self._open[user]
