"""The table `preferences`."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.gateway.store.database import Database

_GET = "SELECT content::text FROM preferences WHERE user_id = $1"
_CHANGE = """
INSERT INTO preferences (user_id, content) VALUES ($1, $2::text::jsonb)
ON CONFLICT (user_id) DO UPDATE SET
    content = preferences.content || excluded.content,
    version = preferences.version + 1,
    updated_at = now()
RETURNING content::text
"""


@dataclass(frozen=True, slots=True)
class PreferenceStore:
    """What everybody likes."""

    database: Database

    async def get(self, user_id: UUID) -> dict[str, Any]:
        """Return what a user has chosen; nothing at first."""
        row = await self.database.row(_GET, user_id)
        return dict(json.loads(row["content"])) if row else {}

    async def change(self, user_id: UUID, chosen: dict[str, Any]) -> dict[str, Any]:
        """Choose some things anew; return all of them."""
        row = await self.database.row(_CHANGE, user_id, json.dumps(chosen))
        return dict(json.loads(row["content"])) if row else {}
