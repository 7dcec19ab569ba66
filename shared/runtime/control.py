"""What users have ordered, known in every process of every stage.

Each process follows batches.control on its own: no group, all partitions, from the start.
So what was ordered before it began is known before its first record, and what is ordered
while it works reaches the work under way.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from shared.events import BatchesControl, JobEvent
from shared.quota import Bill, Budgets, Lines, NoLines
from shared.runtime.follow import follow
from shared.runtime.going import Going, Verdict

log = logging.getLogger(__name__)

Standing = Literal["paused", "cancelled"]
STANDING: dict[str, Standing] = {
    "pause": "paused",
    "cancel": "cancelled",
    # Nothing more is made for it.
    "delete": "cancelled",
}


@dataclass(slots=True)
class Orders:
    """The newest order about each batch and each job that is to stand still."""

    batches: dict[UUID, Standing] = field(default_factory=dict)
    # With the last run that a cancellation is about.
    jobs: dict[UUID, tuple[Standing, int | None]] = field(default_factory=dict)
    budgets: dict[UUID, float] = field(default_factory=dict)

    def take(self, order: BatchesControl) -> None:
        """Let `order` count from now on."""
        standing = STANDING.get(order.action)
        if order.job_id is not None:
            self.jobs.pop(order.job_id, None)
            if standing is not None:
                self.jobs[order.job_id] = (standing, order.run)
            return
        if order.budget_usd is not None:
            self.budgets[order.batch_id] = order.budget_usd
        # A batch that was cancelled stays so.
        if self.batches.get(order.batch_id) != "cancelled":
            self.batches.pop(order.batch_id, None)
            if standing is not None:
                self.batches[order.batch_id] = standing

    def about(self, event: JobEvent) -> Verdict:
        """Return whether the job of `event` is to stop, and why."""
        whole = self.batches.get(event.batch_id) if event.batch_id else None
        own, run = self.jobs.get(event.job_id, (None, None))
        if own == "cancelled" and run is not None and run < event.run:
            own = None
        return "cancelled" if "cancelled" in (whole, own) else whole or own

    def budget(self, event: JobEvent) -> float | None:
        """Return what the batch of `event` may cost, in US dollars."""
        raised = self.budgets.get(event.batch_id) if event.batch_id else None
        return raised or event.options.budget_usd


def _set() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


@dataclass(slots=True)
class Control:
    """Stops the work of one process where its users wish so.

    Attributes:
        budgets: Keep what was spent, for all replicas.
        lines: Keep what was paid for and not reported yet.
        known: Is set while every order of the past is known.
    """

    budgets: Budgets | None = None
    lines: Lines = field(default_factory=NoLines)
    orders: Orders = field(default_factory=Orders)
    known: asyncio.Event = field(default_factory=_set)
    _under_way: dict[UUID, set[Going]] = field(default_factory=dict)

    @asynccontextmanager
    async def following(self, servers: str) -> AsyncIterator[None]:
        """Take orders from Kafka while the context is open."""
        self.known.clear()
        task = asyncio.create_task(follow(servers, BatchesControl, self.take, read=self.known))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    def take(self, order: BatchesControl) -> None:
        """Obey `order`."""
        self.orders.take(order)
        for going in tuple(self._under_way.get(order.job_id or order.batch_id, ())):
            going.heed()

    def bill(self, service: str, event: JobEvent) -> Bill:
        """Return what `service` has paid for `event` and not reported yet."""
        return Bill(f"{service}:{event.event_id}/{event.run}/{event.parking}", self.lines)

    @asynccontextmanager
    async def going(self, event: JobEvent, bill: Bill | None = None) -> AsyncIterator[None]:
        """Stop the body as soon as its user wishes so.

        Raises:
            StoppedError: that is so, or the body found that it may not go on.
        """
        await self.known.wait()
        going = Going(
            verdict=lambda: self.orders.about(event),
            batch_id=event.batch_id,
            budget_usd=lambda: self.orders.budget(event),
            budgets=self.budgets,
            bill=bill or Bill(),
        )
        names = {name for name in (event.job_id, event.batch_id) if name is not None}
        for name in names:
            self._under_way.setdefault(name, set()).add(going)
        try:
            with going:
                yield
        finally:
            for name in names:
                self._under_way[name].discard(going)
                if not self._under_way[name]:
                    del self._under_way[name]
