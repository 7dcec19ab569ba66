"""The table `submissions`: batches as they were accepted."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from services.gateway.store.database import Database
from shared.events import BatchesSubmitted

# As text, so that it does not matter how a pool encodes jsonb.
_COLUMNS = "idempotency_key, request_sha256, event::text, published_at IS NOT NULL AS published"

_ADD = """
INSERT INTO submissions
    (batch_id, user_id, idempotency_key, request_sha256, event, accepted_at)
VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)
ON CONFLICT DO NOTHING
RETURNING batch_id
"""
_BY_KEY = f"SELECT {_COLUMNS} FROM submissions WHERE user_id = $1 AND idempotency_key = $2"  # noqa: S608 - constants only
_UNPUBLISHED = f"""
SELECT {_COLUMNS} FROM submissions
WHERE published_at IS NULL AND accepted_at < now() - $1::interval
ORDER BY accepted_at LIMIT $2
"""  # noqa: S608 - constants only
_PUBLISHED = """
UPDATE submissions SET published_at = now() WHERE batch_id = $1 AND published_at IS NULL
"""
_RENAME = """
UPDATE submissions SET idempotency_key = $2::text WHERE batch_id = $1
    AND NOT EXISTS (
        SELECT FROM submissions s
        WHERE s.user_id = submissions.user_id AND s.idempotency_key = $2::text
    )
"""
_WAS_DELETED = "SELECT EXISTS (SELECT FROM deletions WHERE batch_id = $1) AS found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A batch as it was accepted.

    Attributes:
        event: What is published, whole.
        key: The user's Idempotency-Key.
        request_sha256: Tells whether a repeated request is the same.
        published: Whether Kafka is known to have it.
    """

    event: BatchesSubmitted
    key: str | None
    request_sha256: str
    published: bool = False


@dataclass(frozen=True, slots=True)
class SubmissionStore:
    """Every accepted batch."""

    database: Database

    async def add(self, submission: Submission) -> bool:
        """Return whether it was added; False where this key or batch is there already."""
        event = submission.event
        row = await self.database.row(
            _ADD,
            event.batch_id,
            event.user_id,
            submission.key,
            submission.request_sha256,
            event.model_dump_json(exclude_none=True),
            event.occurred_at,
        )
        return row is not None

    async def by_key(self, user_id: UUID, key: str) -> Submission | None:
        """Return what this user submitted under `key`, or None."""
        row = await self.database.row(_BY_KEY, user_id, key)
        return _submission(row) if row else None

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[Submission]:
        """Return what a process accepted and did not live to publish, oldest first."""
        return [
            _submission(row) for row in await self.database.rows(_UNPUBLISHED, older_than, limit)
        ]

    async def mark_published(self, batch_id: UUID) -> None:
        """Remember that Kafka has it."""
        await self.database.run(_PUBLISHED, batch_id)

    async def rename(self, batch_id: UUID, key: str | None) -> None:
        """Let `key` stand for the batch, unless it stands for another one of this user."""
        await self.database.run(_RENAME, batch_id, key)

    async def was_deleted(self, batch_id: UUID) -> bool:
        """Return whether there was a batch of this id, which its user deleted."""
        row = await self.database.row(_WAS_DELETED, batch_id)
        return bool(row and row["found"])


def _submission(row: asyncpg.Record) -> Submission:
    return Submission(
        event=BatchesSubmitted.model_validate_json(row["event"]),
        key=row["idempotency_key"],
        request_sha256=row["request_sha256"],
        published=row["published"],
    )
