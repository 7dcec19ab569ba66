"""The table `api_keys`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.gateway.store.database import Database

_SHOWN = "key_id, name, prefix, scopes, created_at, expires_at, last_used_at"
_ADD = f"""
WITH added AS (
    INSERT INTO api_keys (key_id, user_id, name, prefix, secret_sha256, scopes, expires_at)
    SELECT $1, $2, $3, $4, $5, $6, $7
    WHERE (SELECT count(*) FROM api_keys WHERE user_id = $2 AND revoked_at IS NULL) < $8
    RETURNING {_SHOWN}
), noted AS (
    INSERT INTO audit_log (actor_id, action, subject)
    SELECT $2, 'api_key.created', prefix FROM added
)
SELECT {_SHOWN} FROM added
"""  # noqa: S608 - columns are our own, here and below
_ALL = f"""
SELECT {_SHOWN} FROM api_keys WHERE user_id = $1 AND revoked_at IS NULL
ORDER BY created_at DESC, key_id
"""  # noqa: S608 - as above
_GET = f"SELECT {_SHOWN} FROM api_keys WHERE user_id = $1 AND key_id = $2 AND revoked_at IS NULL"  # noqa: S608 - as above
_REVOKE = """
WITH revoked AS (
    UPDATE api_keys SET revoked_at = now()
    WHERE user_id = $1 AND key_id = $2 AND revoked_at IS NULL RETURNING prefix
)
INSERT INTO audit_log (actor_id, action, subject) SELECT $1, 'api_key.revoked', prefix FROM revoked
RETURNING subject
"""
_HOLDER = """
SELECT key_id, user_id, role, scopes, secret_sha256 FROM api_keys JOIN users USING (user_id)
WHERE prefix = $1 AND revoked_at IS NULL AND disabled_at IS NULL
    AND (expires_at IS NULL OR expires_at > now())
"""
# Once a minute is enough to see that a key is in use.
_USED = """
UPDATE api_keys SET last_used_at = now() WHERE key_id = $1
    AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, without what makes it one."""

    key_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """Whom a key speaks for, and how to tell that it is the key."""

    key_id: UUID
    user_id: UUID
    role: str
    scopes: list[str]
    secret_sha256: bytes


@dataclass(frozen=True, slots=True)
class ApiKeyStore:
    """Everybody's API keys, by the hashes of their secrets."""

    database: Database

    async def add(
        self, user_id: UUID, key: ApiKey, secret_sha256: bytes, *, most: int
    ) -> ApiKey | None:
        """Keep a key; None where the user has `most` of them."""
        row = await self.database.row(
            _ADD,
            key.key_id,
            user_id,
            key.name,
            key.prefix,
            secret_sha256,
            key.scopes,
            key.expires_at,
            most,
        )
        return ApiKey(**row) if row else None

    async def all(self, user_id: UUID) -> list[ApiKey]:
        """Return a user's keys, newest first."""
        return [ApiKey(**row) for row in await self.database.rows(_ALL, user_id)]

    async def get(self, user_id: UUID, key_id: UUID) -> ApiKey | None:
        """Return a key of a user, or None."""
        row = await self.database.row(_GET, user_id, key_id)
        return ApiKey(**row) if row else None

    async def revoke(self, user_id: UUID, key_id: UUID) -> bool:
        """Return whether there was such a key; it is good for nothing now."""
        return await self.database.row(_REVOKE, user_id, key_id) is not None

    async def holder(self, prefix: str) -> KeyHolder | None:
        """Return whom the key with this prefix speaks for, or None where for nobody any more."""
        row = await self.database.row(_HOLDER, prefix)
        return KeyHolder(**row) if row else None

    async def used(self, key_id: UUID) -> None:
        """Remember that a key is in use."""
        await self.database.run(_USED, key_id)
