"""The table `users`: who may come in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from services.gateway.store.database import Database

_SHOWN = "user_id, email, role, created_at, disabled_at"
_ADD = f"""
INSERT INTO users (user_id, email, password_hash) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING
RETURNING {_SHOWN}
"""  # noqa: S608 - columns are our own, here and below
_GET = f"SELECT {_SHOWN} FROM users WHERE user_id = $1"  # noqa: S608 - as above
_BY_EMAIL = """
SELECT user_id, role, password_hash FROM users
WHERE lower(email) = lower($1) AND disabled_at IS NULL
"""
_HASH = "SELECT password_hash FROM users WHERE user_id = $1"
_CHANGE = """
WITH changed AS (UPDATE users SET password_hash = $2 WHERE user_id = $1 RETURNING user_id)
INSERT INTO audit_log (actor_id, action, subject, address)
SELECT user_id, 'password.changed', user_id::text, $3 FROM changed
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may come in, or might once."""

    user_id: UUID
    email: str
    role: str
    created_at: datetime
    disabled_at: datetime | None = None


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
        """Return what signs `email` in; None where nobody may come in under it."""
        row = await self.database.row(_BY_EMAIL, email)
        return Credentials(**row) if row else None

    async def password_hash(self, user_id: UUID) -> str | None:
        """Return what a user's password is checked against."""
        row = await self.database.row(_HASH, user_id)
        return str(row["password_hash"]) if row else None

    async def change_password(self, user_id: UUID, password_hash: str, *, address: str) -> None:
        """Let another password in, and note from where it was changed."""
        await self.database.run(_CHANGE, user_id, password_hash, address)
