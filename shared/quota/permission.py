"""Whether the work at hand may go on: asked before every call of a provider.

The runtime says so around every handler (a pause, a cancellation, a budget). Work that
nobody watches, a voice preview for example, may always go on.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from shared.vocabulary import Usage

T = TypeVar("T")


@dataclass(slots=True)
class Call:
    """One call of a provider.

    Attributes:
        cost_usd: What it costs: the estimate, until the answer says more.
        paid: What it is billed for, once that is known.
    """

    cost_usd: float
    paid: Usage | None = None


class Permission(Protocol):
    """What stands between work and the providers it calls."""

    def check(self) -> None:
        """Return if the work may go on.

        Raises:
            StoppedError: it may not.
        """
        ...

    def call(self, estimate_usd: float) -> AbstractAsyncContextManager[Call]:
        """Hold what a call may cost while it is made; what it did cost is spent at the end.

        Raises:
            StoppedError: there is not so much left.
        """
        ...

    async def pay(self, usage: Usage) -> None:
        """Write down what a call is billed for."""
        ...

    def on_stop(self, stop: Callable[[], object]) -> AbstractAsyncContextManager[None]:
        """Have `stop` called as soon as the work may not go on."""
        ...


permission: ContextVar[Permission | None] = ContextVar("permission", default=None)


def check() -> None:
    """Return if the work at hand may go on.

    Raises:
        StoppedError: it may not.
    """
    if (held := permission.get()) is not None:
        held.check()


@asynccontextmanager
async def calling(estimate_usd: float) -> AsyncIterator[Call]:
    """Yield the `Call` that is about to be made, if it may be.

    Raises:
        StoppedError: it may not.
    """
    held = permission.get()
    if held is None:
        yield Call(estimate_usd)
        return
    held.check()
    async with held.call(estimate_usd) as call:
        try:
            yield call
        finally:
            if call.paid is not None:
                await asyncio.shield(held.pay(call.paid))


async def unless_stopped(waiting: Coroutine[Any, Any, T]) -> T:
    """Return what `waiting` returns: for waits, which nobody pays for.

    Raises:
        StoppedError: the work may not go on, so there is nothing to wait for.
    """
    held = permission.get()
    if held is None:
        return await waiting
    task = asyncio.ensure_future(waiting)
    async with held.on_stop(task.cancel):
        try:
            return await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is None or not current.cancelling():
                held.check()
            raise
