"""The table `webhooks`: where users want to be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.store.database import Database

_SHOWN = """webhook_id, user_id, url, description, events, enabled, disabled_reason, failing_since,
    created_at, updated_at"""
_ADD = f"""
INSERT INTO webhooks (webhook_id, user_id, url, description, events, sealed)
SELECT $1, $2, $3, $4, $5, $6
WHERE (SELECT count(*) FROM webhooks WHERE user_id = $2) < $7
RETURNING {_SHOWN}
"""  # noqa: S608 - columns are our own, here and below
_ALL = f"SELECT {_SHOWN} FROM webhooks WHERE user_id = $1 ORDER BY created_at, webhook_id"  # noqa: S608 - as above
_GET = f"SELECT {_SHOWN} FROM webhooks WHERE user_id = $1 AND webhook_id = $2"  # noqa: S608 - as above
_CHANGE = f"""
UPDATE webhooks SET
    url = coalesce($3, url), description = coalesce($4, description),
    events = coalesce($5, events), enabled = coalesce($6, enabled),
    disabled_reason = CASE WHEN $6 THEN NULL ELSE disabled_reason END,
    failing_since = CASE WHEN $6 THEN NULL ELSE failing_since END,
    updated_at = now()
WHERE user_id = $1 AND webhook_id = $2
RETURNING {_SHOWN}
"""  # noqa: S608 - as above
_REMOVE = "DELETE FROM webhooks WHERE user_id = $1 AND webhook_id = $2 RETURNING webhook_id"
_SEALED = """
SELECT user_id, sealed, CASE WHEN previous_until > now() THEN previous_sealed END AS previous
FROM webhooks WHERE webhook_id = $1
"""
_ROTATE = f"""
UPDATE webhooks SET previous_sealed = sealed, previous_until = now() + $4::interval, sealed = $3,
    updated_at = now()
WHERE user_id = $1 AND webhook_id = $2
RETURNING {_SHOWN}
"""  # noqa: S608 - as above
_WELL = (
    "UPDATE webhooks SET failing_since = NULL WHERE webhook_id = $1 AND failing_since IS NOT NULL"
)
_FAILING = """
UPDATE webhooks SET failing_since = coalesce(failing_since, now()) WHERE webhook_id = $1
RETURNING failing_since < now() - $2::interval AS too_long
"""
_DISABLE = f"""
UPDATE webhooks SET enabled = false, disabled_reason = $2, updated_at = now()
WHERE webhook_id = $1 AND enabled
RETURNING {_SHOWN}
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Where, and what for; without its secret."""

    webhook_id: UUID
    user_id: UUID
    url: str
    description: str
    events: Sequence[str]
    enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookChange:
    """What is to be different; None stays as it is."""

    url: str | None = None
    description: str | None = None
    events: Sequence[str] | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What signs, and what signs beside it for a while."""

    user_id: UUID
    current: str
    previous: str | None


@dataclass(frozen=True, slots=True)
class WebhookStore:
    """Everybody's webhooks."""

    database: Database

    async def add(self, new: Webhook, sealed: str, *, most: int) -> Webhook | None:
        """Keep a webhook; None where its user has `most` already."""
        values = (new.webhook_id, new.user_id, new.url, new.description, list(new.events))
        row = await self.database.row(_ADD, *values, sealed, most)
        return Webhook(**row) if row else None

    async def all(self, user_id: UUID) -> list[Webhook]:
        """Return a user's webhooks, the oldest first."""
        return [Webhook(**row) for row in await self.database.rows(_ALL, user_id)]

    async def get(self, user_id: UUID, webhook_id: UUID) -> Webhook | None:
        """Return one, or None where it is not there or not this user's."""
        row = await self.database.row(_GET, user_id, webhook_id)
        return Webhook(**row) if row else None

    async def change(
        self, user_id: UUID, webhook_id: UUID, change: WebhookChange
    ) -> Webhook | None:
        """Change one; None where there is none. Enabling it forgets its failures."""
        events = None if change.events is None else list(change.events)
        row = await self.database.row(
            _CHANGE, user_id, webhook_id, change.url, change.description, events, change.enabled
        )
        return Webhook(**row) if row else None

    async def remove(self, user_id: UUID, webhook_id: UUID) -> bool:
        """Forget one and its log; return whether it was there."""
        return await self.database.row(_REMOVE, user_id, webhook_id) is not None

    async def sealed(self, webhook_id: UUID) -> Sealed | None:
        """Return what signs for it; None where it is gone."""
        row = await self.database.row(_SEALED, webhook_id)
        return Sealed(row["user_id"], row["sealed"], row["previous"]) if row else None

    async def rotate(
        self, user_id: UUID, webhook_id: UUID, sealed: str, *, overlap: timedelta
    ) -> Webhook | None:
        """Sign with another secret; with the one before as well, for a while."""
        row = await self.database.row(_ROTATE, user_id, webhook_id, sealed, overlap)
        return Webhook(**row) if row else None

    async def well(self, webhook_id: UUID) -> None:
        """Note that it took something."""
        await self.database.run(_WELL, webhook_id)

    async def failing(self, webhook_id: UUID, *, longest: timedelta) -> bool:
        """Note that it did not; return whether it has not for longer than `longest`."""
        row = await self.database.row(_FAILING, webhook_id, longest)
        return bool(row and row["too_long"])

    async def disable(self, webhook_id: UUID, reason: str) -> Webhook | None:
        """Send it nothing more; None where that is so already."""
        row = await self.database.row(_DISABLE, webhook_id, reason)
        return Webhook(**row) if row else None
