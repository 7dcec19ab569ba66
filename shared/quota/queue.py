"""Those who wait for one model's quota in this process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from shared.errors import RateLimitedError
from shared.quota.errors import ExhaustedError, NoKeyError
from shared.quota.ledger import Granted, Postponed, Refused
from shared.quota.turns import Turns

log = logging.getLogger(__name__)

# What cannot be waited for exactly: someone else's lease. It is looked for this often.
POLL_SECONDS = 0.1
# Where waiting is of no use but another model may be.
LASTING = frozenset({"quota_day", "overloaded"})

Answer: TypeAlias = Granted | Postponed | Refused
Acquire: TypeAlias = Callable[[int], Awaitable[tuple[str, Answer]]]


@dataclass(frozen=True, slots=True)
class Place:
    """What was granted, under the lease called `lease`."""

    lease: str
    granted: Granted


@dataclass(slots=True)
class _Waiting:
    user: str
    tokens: int
    place: asyncio.Future[Place] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Queue:
    """Asks the ledger for one request at a time, users in turn.

    One at a time, so that each process holds one reservation ahead and no more: replicas
    then share a domain evenly, and whoever comes late with one request is next but few.
    """

    def __init__(
        self, name: str, acquire: Acquire, give_back: Callable[[Place], None], *, longest: float
    ) -> None:
        self._name = name
        self._acquire = acquire
        self._give_back = give_back
        self._longest = longest
        self._turns: Turns[_Waiting] = Turns()
        self._serving: asyncio.Task[None] | None = None
        self._freed = asyncio.Event()

    async def take(self, user: str, tokens: int) -> Place:
        """Wait for `user`'s turn and for the quota, and return what was granted.

        Raises:
            RateLimitedError: it would take too long.
            NoKeyError: no key serves this model.
            UnavailableError: Redis is away.
        """
        waiting = _Waiting(user, tokens)
        self._turns.add(user, waiting)
        if self._serving is None or self._serving.done():
            self._serving = asyncio.create_task(self._serve())
        try:
            async with asyncio.timeout(self._longest):
                return await waiting.place
        except TimeoutError:
            self._leave(waiting)
            message = f"{self._name}: {len(self._turns)} requests wait for its quota"
            raise RateLimitedError(message, retry_after=1.0) from None
        except asyncio.CancelledError:
            self._leave(waiting)
            raise

    def freed(self) -> None:
        """Say that a lease came back: a place may be free."""
        self._freed.set()

    def close(self) -> None:
        """Stop serving."""
        if self._serving is not None:
            self._serving.cancel()

    def _leave(self, waiting: _Waiting) -> None:
        # Granted in the very moment it gave up: nobody else would know of that lease.
        if waiting.place.done() and not waiting.place.cancelled():
            if waiting.place.exception() is None:
                self._give_back(waiting.place.result())
        else:
            waiting.place.cancel()

    async def _serve(self) -> None:
        while (waiting := self._turns.next()) is not None:
            if not waiting.place.done():
                try:
                    await self._place(waiting)
                except Exception as error:  # noqa: BLE001 - whoever waits must hear of it
                    if not waiting.place.done():
                        waiting.place.set_exception(error)

    async def _place(self, waiting: _Waiting) -> None:
        while not waiting.place.done():
            self._freed.clear()
            lease, answer = await self._acquire(waiting.tokens)
            if isinstance(answer, Granted):
                in_time = await _in_time(answer)
                if in_time and not waiting.place.done():
                    waiting.place.set_result(Place(lease, answer))
                    return
                self._give_back(Place(lease, answer))
                continue
            if isinstance(answer, Refused):
                raise NoKeyError(f"{self._name}: no key can serve: {answer.reason}")
            if answer.seconds > self._longest or answer.reason in LASTING:
                raise _limited(self._name, answer)
            await self._wait(answer)

    async def _wait(self, postponed: Postponed) -> None:
        if postponed.seconds > POLL_SECONDS:
            await asyncio.sleep(postponed.seconds)
            return
        try:
            async with asyncio.timeout(postponed.seconds):
                await self._freed.wait()
        except TimeoutError:
            log.debug("%s: %s", self._name, postponed.reason)


async def _in_time(granted: Granted) -> bool:
    """Wait for the moment that was granted; return whether it was met.

    A process that was busy for long would send this one together with the next ones.
    """
    loop = asyncio.get_running_loop()
    due = loop.time() + granted.wait
    await asyncio.sleep(granted.wait)
    limits = granted.candidate.limits
    return not limits.rpm or loop.time() - due <= limits.tolerance


def _limited(name: str, postponed: Postponed) -> RateLimitedError:
    kind = ExhaustedError if postponed.reason in LASTING else RateLimitedError
    seconds = postponed.seconds
    return kind(f"{name}: {postponed.reason}, for {seconds:.0f} s more", retry_after=seconds)
