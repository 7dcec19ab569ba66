"""One record on its way through a handler: whether it may go on, and how it is stopped."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self
from uuid import UUID

from shared.errors import StoppedError
from shared.quota import Bill, Budgets, Call, permission
from shared.vocabulary import Usage

Verdict = Literal["paused", "cancelled"] | None

SAYS = {"paused": "its user paused it", "cancelled": "its user cancelled it"}


@dataclass(slots=True, eq=False)
class Going:
    """The permission of one record's handler. A context: leaving it ends the permission.

    A pause lets calls that are under way finish and begins no more. A cancellation cuts the
    handler off, and with it whatever it waits for.

    Attributes:
        verdict: Says whether the job is to stop now.
        batch_id: Whose budget is spent.
        budget_usd: Says what it is, now.
        budgets: Keep what was spent; None where nobody does.
        bill: What its calls are billed for.
    """

    verdict: Callable[[], Verdict]
    batch_id: UUID | None = None
    budget_usd: Callable[[], float | None] = lambda: None
    budgets: Budgets | None = None
    bill: Bill = field(default_factory=Bill)
    _stops: set[Callable[[], object]] = field(default_factory=set)
    _task: asyncio.Task[object] | None = None
    _cancelling: int = 0
    _cut: bool = False

    def __enter__(self) -> Self:
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        permission.set(self)
        self.check()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        permission.set(None)
        task, self._task = self._task, None
        if not self._cut or task is None:
            return
        # As `asyncio.timeout` does: a cancellation that is not ours stays one.
        ours = task.uncancel() <= self._cancelling
        if ours and kind is not None and issubclass(kind, asyncio.CancelledError):
            raise StoppedError("cancelled", SAYS["cancelled"]) from error

    def check(self) -> None:
        """Return if the work may go on.

        Raises:
            StoppedError: it may not.
        """
        if (verdict := self.verdict()) is not None:
            raise StoppedError(verdict, SAYS[verdict])

    def heed(self) -> None:
        """Do what was ordered meanwhile."""
        verdict = self.verdict()
        if verdict is None:
            return
        for stop in tuple(self._stops):
            stop()
        if verdict == "cancelled" and self._task is not None and not self._cut:
            self._cut = True
            self._task.cancel()

    async def pay(self, usage: Usage) -> None:
        """Write down what a call is billed for."""
        await self.bill.add(usage)

    @asynccontextmanager
    async def on_stop(self, stop: Callable[[], object]) -> AsyncIterator[None]:
        """Have `stop` called as soon as the work may not go on."""
        self.check()
        self._stops.add(stop)
        try:
            yield
        finally:
            self._stops.discard(stop)

    @asynccontextmanager
    async def call(self, estimate_usd: float) -> AsyncIterator[Call]:
        """Hold what a call may cost while it is made; what it did cost is spent at the end.

        Raises:
            StoppedError: there is not so much left of the batch's budget.
        """
        limit = self.budget_usd()
        if limit is None or self.budgets is None or self.batch_id is None or estimate_usd <= 0:
            yield Call(estimate_usd)
            return
        async with self.budgets.hold(self.batch_id, estimate_usd, limit_usd=limit) as call:
            # Others' calls may have been waited for.
            self.check()
            yield call
