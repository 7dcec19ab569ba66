"""Finds the record that kills the process, and puts it aside.

What makes a process die (a crash in a codec, memory without end) leaves no exception behind.
So each start of a record is counted before its handler runs, where the next process finds
it, and forgotten when the handler ends in whatever way. A record that was started often and
never ended is suspicious, and so is every record that happened to run beside it. Suspects
are started again in ever smaller company, in the end alone: whoever dies alone, did it.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol, Self

from aiokafka import ConsumerRecord
from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.errors import PermanentError

log = logging.getLogger(__name__)

PREFIX = "bolt:starts:"
# A record that nobody starts again within this time begins anew.
REMEMBERED_SECONDS = 24 * 3_600
REDIS_SECONDS = 2.0
# By how much the company of suspects shrinks with each further death.
SHRINK = 8


class CrashedError(PermanentError):
    """The process died each time while it worked on this, the last time on nothing else new."""

    code = "crashed"


class Counts(Protocol):
    """Counts that outlive the process, where they can."""

    async def add(self, key: str, by: int) -> int:
        """Add to a count and return it."""
        ...

    async def forget(self, key: str) -> None:
        """Set a count back to nothing."""
        ...


class MemoryCounts:
    """Counts of this process alone."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    async def add(self, key: str, by: int) -> int:
        """Add to a count and return it."""
        self._counts[key] += by
        return self._counts[key]

    async def forget(self, key: str) -> None:
        """Set a count back to nothing."""
        del self._counts[key]


class RedisCounts:
    """Counts in Redis; while it is away, those of this process. An async context."""

    def __init__(self, redis_url: str) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        self._memory = MemoryCounts()
        self._away = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._redis.aclose()

    async def add(self, key: str, by: int) -> int:
        """Add to a count and return it."""
        here = await self._memory.add(key, by)
        try:
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.incrby(PREFIX + key, by)
                pipeline.expire(PREFIX + key, REMEMBERED_SECONDS)
                count, _ = await pipeline.execute()
        except (RedisError, OSError) as error:
            self._tell(error)
            return here
        self._tell(None)
        return int(count)

    async def forget(self, key: str) -> None:
        """Set a count back to nothing."""
        await self._memory.forget(key)
        try:
            await self._redis.delete(PREFIX + key)
        except (RedisError, OSError) as error:
            # The count runs out by itself; until then a redelivery counts from there.
            self._tell(error)

    def _tell(self, error: Exception | None) -> None:
        # Once per outage, not once per record.
        if error and not self._away:
            log.warning("starts are counted in this process only: %s", error)
        self._away = error is not None


@dataclass(slots=True)
class Starts:
    """Lets records start: freely at first, the suspicious ones few at a time.

    Attributes:
        most: Starts without an end that a record may have among all others.
        window: How many records run at once.
    """

    counts: Counts = field(default_factory=MemoryCounts)
    service: str = ""
    most: int = 2
    window: int = 512
    _gates: dict[int, asyncio.Semaphore] = field(default_factory=dict)

    @asynccontextmanager
    async def of(self, record: ConsumerRecord) -> AsyncIterator[None]:
        """Run the block as one start of `record`.

        Raises:
            CrashedError: it has been started for the last time.
        """
        key = f"{self.service}:{record.topic}/{record.partition}/{record.offset}"
        company = self._company(await self.counts.add(key, 1))
        if company is None:
            async with self._counted(key):
                yield
            return
        # Waiting is not running: what dies meanwhile is not this record's doing.
        await self.counts.add(key, -1)
        if company < 1:
            await self.counts.forget(key)
            raise CrashedError(
                "the process died every time it worked on this, the last time on no other suspect"
            )
        gate = self._gates.setdefault(company, asyncio.Semaphore(company))
        async with gate:
            log.warning("%s was started before and never ended; %d such at once", key, company)
            await self.counts.add(key, 1)
            async with self._counted(key):
                yield

    @asynccontextmanager
    async def _counted(self, key: str) -> AsyncIterator[None]:
        try:
            yield
        except asyncio.CancelledError:
            # The process was told to stop: nobody's fault.
            await asyncio.shield(self.counts.add(key, -1))
            raise
        except BaseException:
            await self.counts.forget(key)
            raise
        else:
            await self.counts.forget(key)

    def _company(self, start: int) -> int | None:
        """Return how many suspects may run beside the one in its `start`-th start.

        None: it is no suspect. 0: it was alone last time.
        """
        if start <= self.most:
            return None
        company = self.window
        for _ in range(start - self.most):
            if company <= 1:
                return 0
            company = max(1, company // SHRINK)
        return company
