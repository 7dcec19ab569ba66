"""What is known to be in the object store, in Redis: saves a round trip, and forgets by itself.

Of speech it also notes when each piece was last used, how large it is and whose voice it is:
what `shelf` needs to keep it within a size.
"""

from types import TracebackType
from typing import Any, Self

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from shared.errors import UnavailableError
from shared.vocabulary import ArtefactRef

PREFIX = "bolt:artefact:"
SPEECH = "speech/"
# When each piece of speech was last used; its bytes and provider; sums by provider.
USED, KNOWN, COUNTS = "bolt:speech:used", "bolt:speech:known", "bolt:speech:counts"
DAY_SECONDS = 86_400

# One step, so that nothing can be removed between finding it and noting that it is used.
_TOUCH = """
local ref = ARGV[5]
if ref ~= '' then
  redis.call('SET', KEYS[1], ref, 'EX', ARGV[1])
else
  ref = redis.call('GETEX', KEYS[1], 'EX', ARGV[1])
end
if not ref then return false end
redis.call('ZADD', KEYS[2], redis.call('TIME')[1], ARGV[2])
local bytes = string.format('%d', cjson.decode(ref)['bytes'])
if redis.call('HSETNX', KEYS[3], ARGV[2], bytes .. '|' .. ARGV[3]) == 1 then
  redis.call('HINCRBY', KEYS[4], ARGV[3] .. '|bytes', bytes)
  redis.call('HINCRBY', KEYS[4], ARGV[3] .. '|entries', 1)
end
redis.call('HINCRBY', KEYS[4], ARGV[3] .. '|' .. ARGV[4], 1)
return ref
"""


class Index:
    """Artefact references by key. Every hit prolongs what it found."""

    def __init__(self, url: str, *, ttl_days: int) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=64,
            timeout=30,
            socket_timeout=10,
            socket_connect_timeout=5,
            health_check_interval=30,
        )
        self.redis = Redis.from_pool(pool)
        self._ttl = ttl_days * DAY_SECONDS

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.redis.aclose()

    async def get(self, key: str, *, provider: str = "") -> ArtefactRef | None:
        """Return the reference under `key`, or None where the index has forgotten it."""
        try:
            if key.startswith(SPEECH):
                found: Any = await self._touch(key, provider, "hits")
            else:
                found = await self.redis.getex(PREFIX + key, ex=self._ttl)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error
        return None if found is None else ArtefactRef.model_validate_json(found)

    async def put(self, ref: ArtefactRef, *, provider: str = "", fresh: bool = False) -> None:
        """Remember `ref`, and that it was made now or found in the store."""
        text = ref.model_dump_json()
        try:
            if ref.key.startswith(SPEECH):
                await self._touch(ref.key, provider, "misses" if fresh else "hits", text)
            else:
                await self.redis.set(PREFIX + ref.key, text, ex=self._ttl)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error

    async def knows(self, key: str) -> bool:
        """Return whether there is a reference under `key`, without prolonging it."""
        try:
            return bool(await self.redis.exists(PREFIX + key))
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error

    async def forget(self, key: str) -> None:
        """Forget the reference under `key`; who looks next finds the object in the store."""
        try:
            await self.redis.delete(PREFIX + key)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error

    async def _touch(self, key: str, provider: str, outcome: str, ref: str = "") -> bytes | None:
        keys = (PREFIX + key, USED, KNOWN, COUNTS)
        found: Any = await self.redis.eval(
            _TOUCH, len(keys), *keys, self._ttl, key, provider, outcome, ref
        )
        return None if found is None else bytes(found)
