"""Keeps stored speech within a size: what was not used for longest goes first.

Only segments of speech, which nobody refers to once their audio is joined. The lease of each is
held while it goes, so whoever wants it meanwhile waits, and makes it again.
"""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.artefacts.index import COUNTS, DAY_SECONDS, KNOWN, PREFIX, SPEECH, USED
from shared.artefacts.lease import Lease
from shared.errors import UnavailableError
from shared.providers.storage import Storage

CLEARED, SURVEYED = "bolt:speech:cleared", "bolt:speech:surveyed"
PORTION = 100

# Not if it was used a moment ago: a job may hold it.
_HIDE = """
local used = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not used or tonumber(used) > tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[2])
return 1
"""
_FORGET = """
local known = redis.call('HGET', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[1], ARGV[1])
if not known then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
local bytes, provider = string.match(known, '^(%d+)|(.*)$')
redis.call('HINCRBY', KEYS[3], provider .. '|bytes', -tonumber(bytes))
redis.call('HINCRBY', KEYS[3], provider .. '|entries', -1)
redis.call('HINCRBY', KEYS[3], provider .. '|evicted', 1)
return tonumber(bytes)
"""
_ADOPT = """
if redis.call('HSETNX', KEYS[2], ARGV[1], ARGV[2] .. '|') == 0 then return 0 end
redis.call('ZADD', KEYS[1], 'NX', ARGV[3], ARGV[1])
redis.call('HINCRBY', KEYS[3], '|bytes', ARGV[2])
redis.call('HINCRBY', KEYS[3], '|entries', 1)
return 1
"""


@dataclass(slots=True)
class Shelved:
    """What is kept of one provider's speech, and how often that helped.

    Attributes:
        provider: Empty: found in the object store after Redis was emptied.
    """

    provider: str
    entries: int = 0
    bytes: int = 0
    hits: int = 0
    misses: int = 0
    evicted: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every segment of speech there is.

    Attributes:
        grace_seconds: Nothing goes that was used so lately: as long as a job may hold it.

    Every method raises `UnavailableError` where Redis or the store cannot be reached.
    """

    storage: Storage
    redis: Redis
    grace_seconds: float

    async def stats(self) -> list[Shelved]:
        """Return what is kept, by provider."""
        found: dict[str, Shelved] = {}
        async with _outage():
            counts: Any = await self.redis.hgetall(COUNTS)
        for name, count in counts.items():
            provider, _, what = name.decode().rpartition("|")
            setattr(found.setdefault(provider, Shelved(provider)), what, int(count))
        return sorted(found.values(), key=lambda each: each.provider)

    async def clear(self) -> None:
        """Have everything removed that is not used from now on; `tidy` does it."""
        async with _outage():
            await self.redis.set(CLEARED, time.time())

    async def tidy(self, limit_bytes: int) -> int:
        """Remove one portion of what is too much, or was to be cleared; return how many.

        One process at a time; the others find nothing to do.
        """
        async with _outage(), Lease(self.redis, "shelf") as lease:
            if not await lease.acquire():
                return 0
            await self._survey()
            return await self._tidied(limit_bytes)

    async def _tidied(self, limit_bytes: int) -> int:
        cleared = float(await self.redis.get(CLEARED) or 0)
        latest = time.time() - self.grace_seconds
        excess = sum(each.bytes for each in await self.stats()) - limit_bytes
        removed = 0
        oldest: Any = await self.redis.zrange(USED, 0, PORTION - 1, withscores=True)
        for member, used in oldest:
            if used > latest or (used > cleared and excess <= 0):
                break
            freed = await self._remove(member.decode(), latest)
            excess -= freed
            removed += freed > 0
        return removed

    async def _remove(self, key: str, latest: float) -> int:
        async with Lease(self.redis, key) as lease:
            if not await lease.acquire():
                return 0
            if not await self.redis.eval(_HIDE, 2, USED, PREFIX + key, key, latest):
                return 0
            await self.storage.delete(key)
            # Last: a process that dies before leaves it to the next.
            return int(await self.redis.eval(_FORGET, 3, USED, KNOWN, COUNTS, key))

    async def _survey(self) -> None:
        """Learn of what lies in the store, and Redis does not know: once a day."""
        if await self.redis.exists(SURVEYED):
            return
        async for listed in self.storage.listing(SPEECH):
            await self.redis.eval(
                _ADOPT, 3, USED, KNOWN, COUNTS, listed.key, listed.bytes, listed.changed_at
            )
        await self.redis.set(SURVEYED, 1, ex=DAY_SECONDS)


@asynccontextmanager
async def _outage() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise UnavailableError(f"Redis did not answer: {error}") from error
