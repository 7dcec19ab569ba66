"""Places for a few at once, given to users in turn."""

import asyncio

from shared.quota.caller import caller
from shared.quota.permission import unless_stopped
from shared.quota.turns import Turns


class Slots:
    """A semaphore that is fair: whoever has one thing to do waits for one of everybody else's.

    An async context. Who is stopped (paused, cancelled) while waiting does not wait on.

    Attributes:
        places: How many there are.
    """

    def __init__(self, places: int) -> None:
        self.places = self._free = places
        self._turns: Turns[asyncio.Future[None]] = Turns()

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return len(self._turns)

    def resize(self, places: int) -> None:
        """Have more places, or fewer: what is in one that is too many stays to its end."""
        more = places - self.places
        self.places = places
        self._free += min(more, 0)
        for _ in range(more):
            self._pass_on()

    async def __aenter__(self) -> None:
        if self._free > 0:
            self._free -= 1
            return
        await unless_stopped(self._wait())

    async def __aexit__(self, *exc_info: object) -> None:
        self._pass_on()

    async def _wait(self) -> None:
        place = asyncio.get_running_loop().create_future()
        self._turns.add(caller.get(), place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                # It was given in the very moment of giving up.
                self._pass_on()
            place.cancel()
            raise

    def _pass_on(self) -> None:
        while self._free >= 0 and (place := self._turns.next()) is not None:
            if not place.done():
                place.set_result(None)
                return
        self._free += 1
