"""The table `refreshed_voices`, and its image in Redis, where every service looks."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.gateway.store.database import Database
from shared.errors import UnavailableError

_KEEP = """
INSERT INTO refreshed_voices (provider, voices) VALUES ($1, $2::text::jsonb)
ON CONFLICT (provider) DO UPDATE SET voices = excluded.voices, refreshed_at = now()
"""
_ALL = "SELECT provider, voices::text AS voices FROM refreshed_voices ORDER BY provider"


@dataclass(frozen=True, slots=True)
class VoiceStore:
    """What providers said of their voices, where that is not in the files."""

    database: Database

    async def keep(self, provider: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep what one provider said, in place of what it said before."""
        await self.database.run(_KEEP, provider, json.dumps(list(rows)))

    async def all(self) -> dict[str, str]:
        """Return what all of them said: JSON by provider."""
        return {row["provider"]: row["voices"] for row in await self.database.rows(_ALL)}


@dataclass(frozen=True, slots=True)
class VoiceMirror:
    """The same in Redis, replaced whole.

    Attributes:
        places: The names of the hash and of its version, which `shared.runtime.voices` follows.
    """

    redis: Redis
    places: tuple[str, str]

    async def replace(self, news: Mapping[str, str]) -> None:
        """Show every service `news`: JSON by provider.

        Raises:
            UnavailableError: Redis cannot be reached.
        """
        name, version = self.places
        digest = hashlib.sha256(json.dumps(news, sort_keys=True).encode()).hexdigest()
        try:
            async with self.redis.pipeline(transaction=True) as pipeline:
                pipeline.delete(name)
                if news:
                    pipeline.hset(name, items=[part for entry in news.items() for part in entry])
                pipeline.set(version, digest)
                await pipeline.execute()
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error
