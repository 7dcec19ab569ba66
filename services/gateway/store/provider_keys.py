"""The table `provider_keys`, and its image in Redis, where the stages look."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.exceptions import RedisError

from services.gateway.store.database import Database
from shared.errors import UnavailableError

_VERSION = "bolt:keys:version"

_SHOWN = "key_id, user_id, provider, project, identity, enabled, created_at, updated_at"
# What may be seen and changed: one's own, and an admin also those of the installation.
_REACH = "(user_id = $1 OR ($2 AND user_id IS NULL))"
_ADD = f"""
INSERT INTO provider_keys (key_id, user_id, provider, project, identity, sealed)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING {_SHOWN}
"""  # noqa: S608 - columns are our own, here and below
_ALL = f"SELECT {_SHOWN} FROM provider_keys WHERE {_REACH} ORDER BY created_at, key_id"  # noqa: S608 - as above
_SWITCH = f"""
UPDATE provider_keys SET enabled = $4, updated_at = now() WHERE key_id = $3 AND {_REACH}
RETURNING {_SHOWN}
"""  # noqa: S608 - as above
_REMOVE = f"DELETE FROM provider_keys WHERE key_id = $3 AND {_REACH}"  # noqa: S608 - as above
_SEALED = f"SELECT {_SHOWN}, sealed FROM provider_keys"  # noqa: S608 - as above
_SEALED_ONE = f"SELECT {_SHOWN}, sealed FROM provider_keys WHERE key_id = $3 AND {_REACH}"  # noqa: S608 - as above
_RESEAL = "UPDATE provider_keys SET sealed = $3 WHERE key_id = $1 AND sealed = $2"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderKey:
    """A key, without what makes it one."""

    key_id: UUID
    user_id: UUID | None
    provider: str
    project: str
    identity: str
    enabled: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose keys somebody may see and change."""

    user_id: UUID
    installation: bool


@dataclass(frozen=True, slots=True)
class ProviderKeyStore:
    """Everybody's keys, sealed."""

    database: Database

    async def add(self, key: ProviderKey, sealed: str) -> ProviderKey | None:
        """Keep a key; None where its owner has it already."""
        row = await self.database.row(
            _ADD, key.key_id, key.user_id, key.provider, key.project, key.identity, sealed
        )
        return ProviderKey(**row) if row else None

    async def all(self, reach: Reach) -> list[ProviderKey]:
        """Return the keys within reach, the oldest first."""
        rows = await self.database.rows(_ALL, reach.user_id, reach.installation)
        return [ProviderKey(**row) for row in rows]

    async def switch(self, reach: Reach, key_id: UUID, *, enabled: bool) -> ProviderKey | None:
        """Enable or disable a key within reach; None where there is none."""
        row = await self.database.row(_SWITCH, reach.user_id, reach.installation, key_id, enabled)
        return ProviderKey(**row) if row else None

    async def remove(self, reach: Reach, key_id: UUID) -> None:
        """Forget a key within reach; not an error where there is none."""
        await self.database.run(_REMOVE, reach.user_id, reach.installation, key_id)

    async def sealed(self) -> list[tuple[ProviderKey, str]]:
        """Return everybody's keys, each with what is sealed."""
        return [_with_seal(row) for row in await self.database.rows(_SEALED)]

    async def sealed_one(self, reach: Reach, key_id: UUID) -> tuple[ProviderKey, str] | None:
        """Return a key within reach with what is sealed; None where there is none."""
        row = await self.database.row(_SEALED_ONE, reach.user_id, reach.installation, key_id)
        return _with_seal(row) if row else None

    async def reseal(self, key_id: UUID, before: str, after: str) -> None:
        """Replace what is sealed, where nobody else did."""
        await self.database.run(_RESEAL, key_id, before, after)


def _with_seal(row: Any) -> tuple[ProviderKey, str]:
    key = ProviderKey(**{field.name: row[field.name] for field in fields(ProviderKey)})
    return key, row["sealed"]


@dataclass(frozen=True, slots=True)
class KeyMirror:
    """Hashes in Redis, replaced whole."""

    redis: Redis

    async def replace(self, read: Callable[[], Awaitable[Mapping[str, Mapping[str, str]]]]) -> None:
        """Make each hash what `read` returns.

        Another gateway may do the same at this moment. What is written was read after the last
        write, or else is read again: a key that was disabled does not come back.

        Raises:
            UnavailableError: Redis cannot be reached.
        """

        async def write(pipeline: Pipeline) -> None:
            hashes = await read()
            # The library has no types here.
            pipeline.multi()  # type: ignore[no-untyped-call]  # redis gives it no type
            pipeline.incr(_VERSION)
            for name, entries in hashes.items():
                pipeline.delete(name)
                if entries:
                    pipeline.hset(name, items=[part for entry in entries.items() for part in entry])

        try:
            await self.redis.transaction(write, _VERSION)
        except (RedisError, OSError) as error:
            raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error
