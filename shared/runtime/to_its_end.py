"""Work that is not cut in half: a transaction, and what is published with it."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")

# A piece of work that is cancelled may finish within this time.
FINISH_SECONDS = 10.0


async def to_its_end(work: Awaitable[T]) -> T:
    """Wait for `work`; when cancelled, let it finish first, if it is quick."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=FINISH_SECONDS)
        task.cancel()
        await asyncio.wait([task])
        raise
