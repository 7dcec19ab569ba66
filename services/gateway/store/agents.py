"""The table `agents`."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from services.gateway.cursors import After
from services.gateway.store.database import Database

# As text, so that it does not matter how a pool encodes jsonb.
_SHOWN = "agent_id, content::text, version, created_at, updated_at"
_ADD = f"""
INSERT INTO agents (agent_id, user_id, name, content)
SELECT $1, $2, $3, $4::text::jsonb WHERE (SELECT count(*) FROM agents WHERE user_id = $2) < $5
RETURNING {_SHOWN}
"""  # noqa: S608 - columns are our own, here and below
_GET = f"SELECT {_SHOWN} FROM agents WHERE user_id = $1 AND agent_id = $2"  # noqa: S608 - as above
_PAGE = f"""
SELECT {_SHOWN} FROM agents
WHERE user_id = $1 AND ($2::text IS NULL OR strpos(lower(name), lower($2)) > 0)
    AND ($3::timestamptz IS NULL OR (created_at, agent_id) < ($3, $4::uuid))
ORDER BY created_at DESC, agent_id DESC LIMIT $5
"""  # noqa: S608 - as above
_REPLACE = f"""
UPDATE agents SET name = $3, content = $4::text::jsonb, version = version + 1, updated_at = now()
WHERE user_id = $1 AND agent_id = $2 AND ($5::integer[] IS NULL OR version = ANY($5))
RETURNING {_SHOWN}
"""  # noqa: S608 - as above
_REMOVE = """
DELETE FROM agents
WHERE user_id = $1 AND agent_id = $2 AND ($3::integer[] IS NULL OR version = ANY($3))
RETURNING agent_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedAgent:
    """An agent, and which writing of it this is."""

    agent_id: UUID
    content: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AgentStore:
    """Everybody's agents.

    Where `versions` are given, only one of those is changed.
    """

    database: Database

    async def add(self, user_id: UUID, content: dict[str, Any], *, most: int) -> SavedAgent | None:
        """Keep a new agent; None where the user has `most` of them."""
        row = await self.database.row(
            _ADD, uuid4(), user_id, content["name"], json.dumps(content), most
        )
        return _agent(row) if row else None

    async def get(self, user_id: UUID, agent_id: UUID) -> SavedAgent | None:
        """Return an agent of a user, or None."""
        row = await self.database.row(_GET, user_id, agent_id)
        return _agent(row) if row else None

    async def page(
        self, user_id: UUID, search: str | None, after: After | None, limit: int
    ) -> list[SavedAgent]:
        """Return a user's agents, newest first; `search` is a part of the name."""
        where = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, user_id, search, *where, limit)
        return [_agent(row) for row in rows]

    async def replace(
        self, user_id: UUID, agent_id: UUID, content: dict[str, Any], versions: list[int] | None
    ) -> SavedAgent | None:
        """Return the agent as written anew; None where there is none, or no such version."""
        row = await self.database.row(
            _REPLACE, user_id, agent_id, content["name"], json.dumps(content), versions
        )
        return _agent(row) if row else None

    async def remove(self, user_id: UUID, agent_id: UUID, versions: list[int] | None) -> bool:
        """Return whether there was such an agent; it is forgotten."""
        return await self.database.row(_REMOVE, user_id, agent_id, versions) is not None


def _agent(row: asyncpg.Record) -> SavedAgent:
    return SavedAgent(**{**row, "content": json.loads(row["content"])})
