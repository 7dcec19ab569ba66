"""What is known to be in the object store, in Redis: saves a round trip, and forgets by itself."""

from types import TracebackType
from typing import Self

from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from shared.errors import UnavailableError
from shared.vocabulary import ArtefactRef

PREFIX = "bolt:artefact:"
DAY_SECONDS = 86_400


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

    async def get(self, key: str) -> ArtefactRef | None:
        """Return the reference under `key`, or None where the index has forgotten it."""
        try:
            found = await self.redis.getex(PREFIX + key, ex=self._ttl)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error
        return None if found is None else ArtefactRef.model_validate_json(found)

    async def put(self, ref: ArtefactRef) -> None:
        """Remember `ref`."""
        try:
            await self.redis.set(PREFIX + ref.key, ref.model_dump_json(), ex=self._ttl)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis did not answer: {error}") from error
