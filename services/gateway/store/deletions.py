"""The table `deletions`: batches that are to be gone, and what the gateway kept about them."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from services.gateway.store.database import Database
from shared.vocabulary import SYSTEM_USER

# One statement, so that a batch is hidden and what is ours of it gone at the same moment.
_ADD = """
WITH hidden AS (
    INSERT INTO deletions (batch_id, user_id) VALUES ($2, $1) ON CONFLICT DO NOTHING
), its AS MATERIALIZED (
    SELECT job_id FROM jobs WHERE batch_id = $2
), accepted AS (
    DELETE FROM submissions WHERE batch_id = $2
), versions AS (
    DELETE FROM script_versions WHERE job_id IN (SELECT job_id FROM its)
), cuts AS (
    DELETE FROM read_cuts WHERE job_id IN (SELECT job_id FROM its)
), texts AS (
    DELETE FROM spoken_texts WHERE job_id IN (SELECT job_id FROM its)
)
DELETE FROM notifications WHERE user_id = $1 AND data ->> 'batch_id' = $2::uuid::text
"""
_UNPUBLISHED = """
SELECT batch_id FROM deletions
WHERE published_at IS NULL AND requested_at < now() - $1::interval
ORDER BY requested_at LIMIT $2
"""
_PUBLISHED = """
UPDATE deletions SET published_at = now() WHERE batch_id = $1 AND published_at IS NULL
"""
# Of a database that was restored from before the deletion.
_RETURNED = """
SELECT s.user_id, s.batch_id FROM submissions s JOIN deleted_batches d USING (batch_id) LIMIT $1
"""
# What nobody owns is not removed: voice previews are among it.
_ENDED = """
SELECT user_id, batch_id FROM batches b
WHERE completed_at < now() - $1::interval AND user_id <> $2
  AND ($3::uuid IS NULL OR batch_id > $3)
  AND NOT EXISTS (SELECT FROM deletions d WHERE d.batch_id = b.batch_id)
ORDER BY batch_id LIMIT $4
"""


@dataclass(frozen=True, slots=True)
class DeletionStore:
    """Every batch that was deleted."""

    database: Database

    async def add(self, user_id: UUID, batch_id: UUID) -> None:
        """Hide a batch, and forget what was accepted, edited, spoken and told of it."""
        await self.database.run(_ADD, user_id, batch_id)

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[UUID]:
        """Return what a process was to delete and did not live to publish, oldest first."""
        rows = await self.database.rows(_UNPUBLISHED, older_than, limit)
        return [row["batch_id"] for row in rows]

    async def mark_published(self, batch_id: UUID) -> None:
        """Remember that Kafka has the order."""
        await self.database.run(_PUBLISHED, batch_id)

    async def returned(self, limit: int) -> list[tuple[UUID, UUID]]:
        """Return batches that were accepted once, and the log says are deleted, with their user."""
        rows = await self.database.rows(_RETURNED, limit)
        return [(row["user_id"], row["batch_id"]) for row in rows]

    async def ended(
        self, *, older_than: timedelta, after: UUID | None, limit: int
    ) -> list[tuple[UUID, UUID]]:
        """Return batches that ended so long ago, each with its user, in order of their ids."""
        rows = await self.database.rows(_ENDED, older_than, SYSTEM_USER, after, limit)
        return [(row["user_id"], row["batch_id"]) for row in rows]
