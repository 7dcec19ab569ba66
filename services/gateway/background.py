"""Work that goes on beside requests, as long as the process lives."""

import asyncio
import contextlib
from collections.abc import Callable


def runs(task: asyncio.Task[None]) -> Callable[[], bool]:
    """Return a probe that fails once `task` has ended."""
    return lambda: not task.done()


async def stop(task: asyncio.Task[None]) -> None:
    """End `task`, and wait for it."""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
