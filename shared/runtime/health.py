"""Whether the process lives, has started, and can do its work.

Live means: the event loop turns, and what consumes has not died. It does not ask the
broker: an outage of Kafka must not restart the fleet. Ready asks the broker, and whatever
else a service needs.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from faststream.asgi import AsgiResponse, get
from faststream.asgi.types import ASGIApp, Scope

from shared.telemetry.process import Pulse

Check = Callable[[], Awaitable[bool]]

STALLED_SECONDS = 15.0
BEAT_SECONDS = 1.0
CHECK_SECONDS = 5.0
# How long an answer holds. What was not ready a moment ago is asked again soon: whoever starts
# it, or sends work to it, waits for that.
CHECK_AGE_SECONDS = 5.0
REFUSED_AGE_SECONDS = 0.5


class Health:
    """What the three probes answer."""

    def __init__(self) -> None:
        self.started = False
        self.alive: list[Callable[[], bool]] = []
        self.ready: list[Check] = []
        # Each says what keeps the service from its work, in words, or nothing.
        self.troubles: list[Callable[[], str | None]] = []
        self._beat = time.monotonic()
        self._pulse = Pulse()
        self._checked: tuple[float, bool] = (float("-inf"), False)

    async def heartbeat(self) -> None:
        """Show that the event loop turns. Runs for as long as the process."""
        while True:
            now = time.monotonic()
            self._pulse.beat(max(0.0, now - self._beat - BEAT_SECONDS))
            self._beat = now
            await asyncio.sleep(BEAT_SECONDS)

    def is_live(self) -> bool:
        """Return whether a restart would be pointless."""
        fresh = time.monotonic() - self._beat < STALLED_SECONDS
        return fresh and all(alive() for alive in self.alive)

    def trouble(self) -> str | None:
        """Return what the service itself knows to be wrong."""
        return next((said for ask in self.troubles if (said := ask())), None)

    async def is_ready(self) -> bool:
        """Return whether everything the service needs answers; asked at most every few seconds."""
        if not self.started or self.trouble():
            return False
        at, answer = self._checked
        if time.monotonic() - at > (CHECK_AGE_SECONDS if answer else REFUSED_AGE_SECONDS):
            answer = all([await _within(check) for check in self.ready])
            self._checked = (time.monotonic(), answer)
        return answer

    def routes(self) -> list[tuple[str, ASGIApp]]:
        """Return the probes as ASGI routes."""

        @get
        async def live(_: Scope) -> AsgiResponse:
            return _answer(self.is_live())

        @get
        async def ready(_: Scope) -> AsgiResponse:
            if trouble := self.trouble():
                return AsgiResponse(f"no: {trouble}\n".encode(), 503)
            return _answer(await self.is_ready())

        @get
        async def startup(_: Scope) -> AsgiResponse:
            return _answer(self.started)

        return [("/health/live", live), ("/health/ready", ready), ("/health/startup", startup)]


async def _within(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:  # noqa: BLE001 - whatever a check raises, the answer is "not ready"
        return False


def _answer(good: bool) -> AsgiResponse:
    return AsgiResponse(b"ok\n" if good else b"no\n", 200 if good else 503)
