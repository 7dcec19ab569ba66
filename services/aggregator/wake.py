"""Wakes a loop before its time."""

import asyncio


class Wake:
    """One loop waits, anybody calls."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def call(self) -> None:
        """End the wait under way, or the next one."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when called, at the latest after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()
