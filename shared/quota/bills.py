"""What the work at hand has paid for, and nobody has reported yet.

Each answer of a provider is written down as soon as it is there, under the event that it is
for, where the next process finds it. So what was paid by tries that failed, and by processes
that were killed, is reported by whoever settles the event in the end: once.
"""

import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol, Self
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.vocabulary import Usage

log = logging.getLogger(__name__)

PREFIX = "bolt:bill:"
# A bill that nobody adds to or settles within this time is lost.
REMEMBERED_SECONDS = 7 * 86_400
REDIS_SECONDS = 2.0

_ADDED = ("calls", "input_tokens", "output_tokens", "characters", "audio_seconds", "cost_usd")


class Lines(Protocol):
    """The lines of bills, where they outlive the process if they can."""

    async def add(self, bill: str, name: str, line: str) -> None:
        """Write a line."""
        ...

    async def of(self, bill: str) -> dict[str, str]:
        """Return the lines of a bill, by their names."""
        ...

    async def forget(self, bill: str) -> None:
        """Throw a bill away."""
        ...


class NoLines:
    """Keeps nothing: a bill then holds what its own process paid."""

    async def add(self, bill: str, name: str, line: str) -> None:
        """Write nothing."""

    async def of(self, bill: str) -> dict[str, str]:  # noqa: ARG002 - the protocol's
        """Return nothing."""
        return {}

    async def forget(self, bill: str) -> None:
        """Throw nothing away."""


class RedisLines:
    """Lines in Redis. While it is away bills hold what their own processes paid.

    An async context.
    """

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            decode_responses=True,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._redis.aclose()

    async def add(self, bill: str, name: str, line: str) -> None:
        """Write a line."""
        try:
            async with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.hset(PREFIX + bill, name, line)
                pipeline.expire(PREFIX + bill, REMEMBERED_SECONDS)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            # What was paid for is worth more than its bill.
            log.warning("a call of %s is known to this process only: %s", bill, error)

    async def of(self, bill: str) -> dict[str, str]:
        """Return the lines of a bill, by their names."""
        try:
            found = await self._redis.hgetall(PREFIX + bill)
        except (RedisError, OSError) as error:
            log.warning("what other processes paid for %s is not known: %s", bill, error)
            return {}
        return {str(name): str(line) for name, line in found.items()}

    async def forget(self, bill: str) -> None:
        """Throw a bill away."""
        try:
            await self._redis.delete(PREFIX + bill)
        except (RedisError, OSError) as error:
            # Reported again with the same event, it is counted once all the same.
            log.warning("the bill %s is kept until it runs out: %s", bill, error)


@dataclass(slots=True)
class Bill:
    """What was paid for one event.

    Attributes:
        name: The event it is for, and the service that pays.
        lines: Where it is kept.
    """

    name: str = ""
    lines: Lines = field(default_factory=NoLines)
    _here: dict[str, Usage] = field(default_factory=dict)
    _known: bool = False

    async def add(self, usage: Usage) -> None:
        """Write down what was just paid for."""
        # In the order of time.
        name = f"{time.time_ns():020d}{uuid4().hex[:8]}"
        self._here[name] = usage
        self._known = True
        await self.lines.add(self.name, name, usage.model_dump_json(exclude_defaults=True))

    async def total(self) -> tuple[Usage, ...]:
        """Return what was paid, by provider, model and quota domain."""
        found = await self.lines.of(self.name)
        self._known = self._known or bool(found)
        paid = {name: Usage.model_validate_json(line) for name, line in found.items()} | self._here
        return summed(paid[name] for name in sorted(paid))

    async def settle(self) -> None:
        """Forget it all: it was reported."""
        self._here.clear()
        if self._known:
            await self.lines.forget(self.name)


def summed(paid: Iterable[Usage]) -> tuple[Usage, ...]:
    """Return one for each provider, model and quota domain."""
    sums: dict[tuple[str, str, str], Usage] = {}
    for each in paid:
        so_far = sums.setdefault(key := (each.provider, each.model, each.domain), each)
        if so_far is not each:
            added = {name: getattr(so_far, name) + getattr(each, name) for name in _ADDED}
            sums[key] = so_far.model_copy(update=added)
    return tuple(sums.values())
