"""What the release loop reads and writes: jobs that wait."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.aggregator.fairness import OpenBatch
from services.aggregator.store.database import Connection

# Any number, so long as every replica takes the same.
_RELEASING = 7_205_115

_ALONE = "SELECT pg_try_advisory_xact_lock($1)"
_OPEN = """
SELECT batch_id, user_id, in_flight,
       CASE WHEN paused OR budget_waits > 0 OR cancelled_by IS NOT NULL THEN 0 ELSE waiting END
           AS waiting
FROM batches WHERE completed_at IS NULL
ORDER BY created_at, batch_id
"""
_TAKE = """
SELECT job.*, b.agent, coalesce(job.own_options, b.options) AS options
FROM unnest($1::uuid[], $2::int[]) AS portion(batch_id, jobs)
JOIN batches b USING (batch_id)
CROSS JOIN LATERAL (
    SELECT job_id, batch_id, user_id, title, language, voice, variation, aspect, run,
           text, options AS own_options
    FROM jobs j
    WHERE j.batch_id = portion.batch_id AND j.waiting AND NOT j.paused
    ORDER BY j.position LIMIT portion.jobs
    FOR NO KEY UPDATE SKIP LOCKED
) AS job
"""
_MARK = """
UPDATE jobs SET waiting = false, released_at = now()
WHERE job_id = ANY($1::uuid[])
"""
_CANCELLED = """
SELECT batch_id FROM batches b
WHERE completed_at IS NULL AND cancelled_by IS NOT NULL
  AND EXISTS (
      SELECT FROM jobs j
      WHERE j.batch_id = b.batch_id AND (j.waiting OR b.parked > 0 AND j.parked_for IS NOT NULL)
  )
LIMIT 1
"""
_UNHELD = """
SELECT job_id FROM jobs
WHERE batch_id = $1 AND (waiting OR parked_for IS NOT NULL)
ORDER BY job_id LIMIT $2
FOR NO KEY UPDATE SKIP LOCKED
"""

_ORDERED_AT = "SELECT coalesce(cancelled_at, now()) FROM batches WHERE batch_id = $1"


async def alone(connection: Connection) -> bool:
    """Return whether no other replica releases: together they would overfill the window."""
    return bool(await connection.fetchval(_ALONE, _RELEASING))


async def open_batches(connection: Connection) -> list[OpenBatch]:
    """Return the batches that have not ended, oldest first."""
    return [
        OpenBatch(row["batch_id"], row["user_id"], row["waiting"], row["in_flight"])
        for row in await connection.fetch(_OPEN)
    ]


async def take(
    connection: Connection, portions: Sequence[tuple[UUID, int]]
) -> list[Mapping[str, Any]]:
    """Lock the next jobs of each batch and return them with their batch's agent and options."""
    batch_ids, counts = [part[0] for part in portions], [part[1] for part in portions]
    return [dict(row) for row in await connection.fetch(_TAKE, batch_ids, counts)]


async def mark_released(connection: Connection, job_ids: Collection[UUID]) -> None:
    """Note that these are on their way."""
    await connection.execute(_MARK, list(job_ids))


async def cancelled_batch(connection: Connection) -> UUID | None:
    """Return a batch whose user cancelled it, and which has jobs to cancel."""
    found: UUID | None = await connection.fetchval(_CANCELLED)
    return found


async def unheld(connection: Connection, batch_id: UUID, limit: int) -> list[UUID]:
    """Lock jobs of a batch that nobody works on, and return them."""
    return [row["job_id"] for row in await connection.fetch(_UNHELD, batch_id, limit)]


async def ordered_at(connection: Connection, batch_id: UUID) -> datetime:
    """Return when a batch was cancelled."""
    at: datetime = await connection.fetchval(_ORDERED_AT, batch_id)
    return at
