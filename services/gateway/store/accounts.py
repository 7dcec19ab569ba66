"""The table `users` as admins see it. Every change is noted in the same statement."""

from dataclasses import dataclass
from uuid import UUID

from services.gateway.cursors import After
from services.gateway.store.database import Database
from services.gateway.store.users import User

_SHOWN = "user_id, email, role, created_at, disabled_at"
_PAGE = f"""
SELECT {_SHOWN} FROM users
WHERE ($1::text IS NULL OR strpos(lower(email), lower($1)) > 0)
    AND ($2::timestamptz IS NULL OR (created_at, user_id) < ($2, $3::uuid))
ORDER BY created_at DESC, user_id DESC LIMIT $4
"""  # noqa: S608 - columns are our own, here and below
# At least one admin stays. Locking all of them makes two admins who demote each other wait.
_CHANGE = f"""
WITH admins AS (
    SELECT user_id FROM users WHERE role = 'admin' AND disabled_at IS NULL
    ORDER BY user_id FOR UPDATE
), changed AS (
    UPDATE users SET
        role = coalesce($2, role),
        disabled_at = CASE
            WHEN $3::bool IS NULL THEN disabled_at
            WHEN $3 THEN coalesce(disabled_at, now())
        END
    WHERE user_id = $1 AND (
        (coalesce($2, role) = 'admin' AND NOT coalesce($3, false))
        OR EXISTS (SELECT FROM admins WHERE admins.user_id <> $1)
        OR NOT EXISTS (SELECT FROM admins WHERE admins.user_id = $1)
    )
    RETURNING {_SHOWN}
), noted AS (
    INSERT INTO audit_log (actor_id, action, subject, address, detail)
    SELECT $4, 'user.changed', user_id::text, $5,
        jsonb_build_object('role', role, 'disabled', disabled_at IS NOT NULL)
    FROM changed
), out AS (
    UPDATE sessions SET revoked_at = now(), revoked_for = 'disabled' FROM changed
    WHERE sessions.user_id = changed.user_id AND changed.disabled_at IS NOT NULL
        AND revoked_at IS NULL
)
SELECT {_SHOWN} FROM changed
"""  # noqa: S608 - as above
_BY_EMAIL = f"SELECT {_SHOWN} FROM users WHERE lower(email) = lower($1)"  # noqa: S608 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What is to be different; None stays as it is."""

    role: str | None = None
    disabled: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who does it, and from where; nobody where it is done on the command line."""

    user_id: UUID | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class AccountStore:
    """Everybody, for who may see everybody."""

    database: Database

    async def page(self, search: str | None, after: After | None, limit: int) -> list[User]:
        """Return users, newest first; `search` is a part of the address."""
        where = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, search, *where, limit)
        return [User(**row) for row in rows]

    async def by_email(self, email: str) -> User | None:
        """Return whose address this is, or None."""
        row = await self.database.row(_BY_EMAIL, email)
        return User(**row) if row else None

    async def change(self, user_id: UUID, change: AccountChange, actor: Actor) -> User | None:
        """Return the user as changed; None where nobody is, or no admin would be left."""
        row = await self.database.row(
            _CHANGE, user_id, change.role, change.disabled, actor.user_id, actor.address
        )
        return User(**row) if row else None
