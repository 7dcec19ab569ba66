"""The table `audit_log`: what admins did, and what happened to accounts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.cursors import After
from services.gateway.store.database import Database

_ADD = """
INSERT INTO audit_log (actor_id, action, subject, address, detail) VALUES ($1, $2, $3, $4, $5)
"""
_PAGE = """
SELECT audit_id, happened_at, actor_id, action, subject, address, detail FROM audit_log
WHERE ($1::uuid IS NULL OR actor_id = $1)
    AND ($2::text IS NULL OR action = $2)
    AND ($3::timestamptz IS NULL OR (happened_at, audit_id) < ($3, $4::uuid))
ORDER BY happened_at DESC, audit_id DESC LIMIT $5
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that has to be known afterwards.

    Attributes:
        actor_id: Who did it; None where nobody signed in did.
        action: `thing.done`.
        subject: What it was done to.
        address: From where.
        detail: What else there is to know. Never a secret.
    """

    action: str
    actor_id: UUID | None = None
    subject: str = ""
    address: str = ""
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Deed):
    """A deed that was written down."""

    audit_id: UUID
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """Which entries are wanted."""

    actor_id: UUID | None
    action: str | None
    after: After | None
    limit: int


@dataclass(frozen=True, slots=True)
class AuditLog:
    """Everything that was written down. Nothing here changes or forgets it."""

    database: Database

    async def add(self, deed: Deed) -> None:
        """Write it down."""
        await self.database.run(
            _ADD, deed.actor_id, deed.action, deed.subject, deed.address, deed.detail
        )

    async def page(self, wanted: EntryFilter) -> list[Entry]:
        """Return entries, newest first."""
        after = wanted.after
        where = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, wanted.actor_id, wanted.action, *where, wanted.limit)
        return [Entry(**row) for row in rows]
