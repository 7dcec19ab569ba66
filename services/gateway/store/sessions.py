"""The tables `sessions` and `refresh_tokens`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.principals import Visitor
from services.gateway.store.database import Database

_SHOWN = "session_id, user_agent, address, created_at, last_used_at, expires_at"
_LIVES = "revoked_at IS NULL AND expires_at > now()"
# What has expired of a user goes when they sign in again: there is nothing to sweep.
_BEGIN = """
WITH gone AS (DELETE FROM sessions WHERE user_id = $2 AND expires_at < now()),
begun AS (
    INSERT INTO sessions (session_id, user_id, user_agent, address, expires_at)
    VALUES ($1, $2, $4, $5, now() + $6::interval) RETURNING session_id
)
INSERT INTO refresh_tokens (token_sha256, session_id) SELECT $3, session_id FROM begun
"""
# Whoever is second finds the row used: PostgreSQL looks again once the first has committed.
_ROTATE = f"""
WITH used AS (
    UPDATE refresh_tokens SET used_at = now()
    FROM sessions JOIN users USING (user_id)
    WHERE token_sha256 = $1 AND used_at IS NULL AND {_LIVES} AND users.disabled_at IS NULL
        AND sessions.session_id = refresh_tokens.session_id
    RETURNING refresh_tokens.session_id, sessions.user_id, users.role, sessions.expires_at
), next AS (
    INSERT INTO refresh_tokens (token_sha256, session_id) SELECT $2, session_id FROM used
), seen AS (
    UPDATE sessions SET last_used_at = now() FROM used
    WHERE sessions.session_id = used.session_id
)
SELECT session_id, user_id, role, expires_at FROM used
"""  # noqa: S608 - constants only, here and below
_REPLAYED = f"""
WITH stolen AS (
    UPDATE sessions SET revoked_at = now(), revoked_for = 'replay'
    WHERE {_LIVES} AND session_id =
        (SELECT session_id FROM refresh_tokens WHERE token_sha256 = $1 AND used_at IS NOT NULL)
    RETURNING session_id, user_id
)
INSERT INTO audit_log (actor_id, action, subject, address)
SELECT user_id, 'session.replayed', session_id::text, $2 FROM stolen
RETURNING subject
"""  # noqa: S608 - as above
_STANDING = f"""
SELECT role FROM sessions JOIN users USING (user_id)
WHERE session_id = $1 AND user_id = $2 AND {_LIVES} AND disabled_at IS NULL
"""  # noqa: S608 - as above
_ALL = f"""
SELECT {_SHOWN} FROM sessions WHERE user_id = $1 AND {_LIVES}
ORDER BY last_used_at DESC, session_id LIMIT 200
"""  # noqa: S608 - as above
_END = f"""
UPDATE sessions SET revoked_at = now(), revoked_for = 'ended'
WHERE user_id = $1 AND {_LIVES} AND ($2::uuid IS NULL OR session_id = $2)
    AND session_id IS DISTINCT FROM $3
RETURNING session_id
"""  # noqa: S608 - as above
_HOLDER = "SELECT session_id, user_id FROM refresh_tokens JOIN sessions USING (session_id) "
_HOLDER += "WHERE token_sha256 = $1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One signing in, as its user sees it."""

    session_id: UUID
    user_agent: str
    address: str
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """Whose refresh token was taken for a new one."""

    session_id: UUID
    user_id: UUID
    role: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SessionStore:
    """Everybody who is signed in. Refresh tokens are known by their hashes only."""

    database: Database

    async def begin(
        self, session: tuple[UUID, UUID], token: bytes, visitor: Visitor, lifetime: timedelta
    ) -> None:
        """Begin the session (session id, user id), whose first refresh token is `token`."""
        await self.database.run(_BEGIN, *session, token, *_words(visitor), lifetime)

    async def rotate(self, token: bytes, following: bytes) -> Rotated | None:
        """Take `token` for `following`, once; None where it is not good any more."""
        row = await self.database.row(_ROTATE, token, following)
        return Rotated(**row) if row else None

    async def end_if_replayed(self, token: bytes, visitor: Visitor) -> UUID | None:
        """End the session of a token that was used before, and note it; None where it was not."""
        row = await self.database.row(_REPLAYED, token, visitor.address)
        return UUID(row["subject"]) if row else None

    async def role(self, session_id: UUID, user_id: UUID) -> str | None:
        """Return the role of who is signed in; None where the session has ended."""
        row = await self.database.row(_STANDING, session_id, user_id)
        return str(row["role"]) if row else None

    async def all(self, user_id: UUID) -> list[Session]:
        """Return where a user is signed in, the last used first."""
        return [Session(**row) for row in await self.database.rows(_ALL, user_id)]

    async def end(
        self, user_id: UUID, session_id: UUID | None = None, *, but: UUID | None = None
    ) -> list[UUID]:
        """End one session of a user, or all of them but `but`; return which."""
        rows = await self.database.rows(_END, user_id, session_id, but)
        return [row["session_id"] for row in rows]

    async def holder(self, token: bytes) -> tuple[UUID, UUID] | None:
        """Return (user id, session id) of a refresh token, used or not."""
        row = await self.database.row(_HOLDER, token)
        return (row["user_id"], row["session_id"]) if row else None


def _words(visitor: Visitor) -> tuple[str, str]:
    # A header may hold anything at all.
    return visitor.user_agent.replace("\x00", "")[:300], visitor.address[:100]
