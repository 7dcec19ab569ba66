"""The table `users`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.gateway.store.database import Database

_ADD = """
INSERT INTO users (user_id, email, password_hash) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
RETURNING user_id, email, role, created_at
"""
_GET = "SELECT user_id, email, role, created_at FROM users WHERE user_id = $1"
_SECRET = "SELECT user_id, role, password_hash FROM users WHERE lower(email) = lower($1)"  # noqa: S105 - a statement, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may come in."""

    user_id: UUID
    email: str
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What is needed to let somebody in. Never leaves the sign-in route."""

    user_id: UUID
    role: str
    password_hash: str


@dataclass(frozen=True, slots=True)
class UserStore:
    """Everybody who may come in."""

    database: Database

    async def add(self, email: str, password_hash: str) -> User | None:
        """Return the new user, or None where the address is taken."""
        row = await self.database.row(_ADD, uuid4(), email, password_hash)
        return User(**row) if row else None

    async def get(self, user_id: UUID) -> User | None:
        """Return the user, or None."""
        row = await self.database.row(_GET, user_id)
        return User(**row) if row else None

    async def credentials(self, email: str) -> Credentials | None:
        """Return what signs `email` in, or None."""
        row = await self.database.row(_SECRET, email)
        return Credentials(**row) if row else None
