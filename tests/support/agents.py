"""Agents and preferences in memory, for tests of the gateway."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.gateway.cursors import After
from services.gateway.store.agents import SavedAgent

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class FakeAgents:
    rows: dict[UUID, tuple[UUID, SavedAgent]] = field(default_factory=dict)

    async def add(self, user_id: UUID, content: dict[str, Any], *, most: int) -> SavedAgent | None:
        if len(await self.page(user_id, None, None, most)) >= most:
            return None
        saved = SavedAgent(
            agent_id=uuid4(), content=content, version=1, created_at=NOW, updated_at=NOW
        )
        self.rows[saved.agent_id] = (user_id, saved)
        return saved

    async def get(self, user_id: UUID, agent_id: UUID) -> SavedAgent | None:
        owner, saved = self.rows.get(agent_id, (None, None))
        return saved if owner == user_id else None

    async def page(
        self, user_id: UUID, search: str | None, after: After | None, limit: int
    ) -> list[SavedAgent]:
        mine = [
            saved
            for owner, saved in self.rows.values()
            if owner == user_id and (search or "").lower() in saved.content["name"].lower()
        ]
        mine.sort(key=lambda saved: (saved.created_at, saved.agent_id), reverse=True)
        if after is not None:
            mine = [s for s in mine if (s.created_at, s.agent_id) < (after.created_at, after.id)]
        return mine[:limit]

    async def replace(
        self, user_id: UUID, agent_id: UUID, content: dict[str, Any], versions: list[int] | None
    ) -> SavedAgent | None:
        saved = await self.get(user_id, agent_id)
        if saved is None or (versions is not None and saved.version not in versions):
            return None
        changed = replace(saved, content=content, version=saved.version + 1)
        self.rows[agent_id] = (user_id, changed)
        return changed

    async def remove(self, user_id: UUID, agent_id: UUID, versions: list[int] | None) -> bool:
        saved = await self.get(user_id, agent_id)
        if saved is None or (versions is not None and saved.version not in versions):
            return False
        del self.rows[agent_id]
        return True


@dataclass
class FakePreferences:
    rows: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    async def get(self, user_id: UUID) -> dict[str, Any]:
        return self.rows.get(user_id, {})

    async def change(self, user_id: UUID, chosen: dict[str, Any]) -> dict[str, Any]:
        self.rows[user_id] = self.rows.get(user_id, {}) | chosen
        return self.rows[user_id]
