"""Waiting for something to become true, with a limit."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def until(ask: Callable[[], Awaitable[T | None]], *, seconds: float = 30.0) -> T:
    """Return the first answer of `ask` that is true.

    Raises:
        TimeoutError: there was none in `seconds`.
    """
    async with asyncio.timeout(seconds):
        while True:
            if answer := await ask():
                return answer
            await asyncio.sleep(0.05)
