"""Users' keys of providers, in memory."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.gateway.provider_keys import Hashes
from services.gateway.store.provider_keys import ProviderKey, Reach
from shared.errors import UnavailableError


@dataclass
class FakeProviderKeys:
    rows: dict[UUID, tuple[ProviderKey, str]] = field(default_factory=dict)

    async def add(self, key: ProviderKey, sealed: str) -> ProviderKey | None:
        name = (key.user_id, key.provider, key.identity)
        if name in {(k.user_id, k.provider, k.identity) for k, _ in self.rows.values()}:
            return None
        self.rows[key.key_id] = (key, sealed)
        return key

    async def all(self, reach: Reach) -> list[ProviderKey]:
        keys = (key for key, _ in self.rows.values())
        return [
            key
            for key in keys
            if key.user_id == reach.user_id or (reach.installation and key.user_id is None)
        ]

    async def switch(self, reach: Reach, key_id: UUID, *, enabled: bool) -> ProviderKey | None:
        for key in await self.all(reach):
            if key.key_id == key_id:
                self.rows[key_id] = (replace(key, enabled=enabled), self.rows[key_id][1])
                return self.rows[key_id][0]
        return None

    async def remove(self, reach: Reach, key_id: UUID) -> None:
        if key_id in {key.key_id for key in await self.all(reach)}:
            del self.rows[key_id]

    async def sealed(self) -> list[tuple[ProviderKey, str]]:
        return list(self.rows.values())

    async def sealed_one(self, reach: Reach, key_id: UUID) -> tuple[ProviderKey, str] | None:
        seen = {key.key_id for key in await self.all(reach)}
        return self.rows[key_id] if key_id in seen else None

    async def reseal(self, key_id: UUID, before: str, after: str) -> None:
        if self.rows[key_id][1] == before:
            self.rows[key_id] = (self.rows[key_id][0], after)


@dataclass
class FakeMirror:
    hashes: Hashes = field(default_factory=dict)
    away: bool = False

    async def replace(self, read: Callable[[], Awaitable[Hashes]]) -> None:
        if self.away:
            raise UnavailableError("Redis: gone")
        self.hashes = await read()
