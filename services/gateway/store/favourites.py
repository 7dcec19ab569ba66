"""The table `favourite_voices`."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.store.database import Database

_ADD = """
INSERT INTO favourite_voices (user_id, language, voice) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_REMOVE = "DELETE FROM favourite_voices WHERE user_id = $1 AND voice = $2"
_ALL = """
SELECT voice FROM favourite_voices WHERE user_id = $1 AND ($2::text IS NULL OR language = $2)
ORDER BY language, created_at
"""


@dataclass(frozen=True, slots=True)
class FavouriteStore:
    """The voices a user likes, by language."""

    database: Database

    async def add(self, user_id: UUID, language: str, voice: str) -> None:
        """Remember a voice. Repeating it changes nothing."""
        await self.database.run(_ADD, user_id, language, voice)

    async def remove(self, user_id: UUID, voice: str) -> None:
        """Forget a voice; not an error where it was not remembered."""
        await self.database.run(_REMOVE, user_id, voice)

    async def all(self, user_id: UUID, language: str | None = None) -> list[str]:
        """Return the voices, by language, the oldest favourite first."""
        rows = await self.database.rows(_ALL, user_id, language)
        return [row["voice"] for row in rows]
