"""The table `deleted_batches`, and the removal of what belonged to them."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from services.aggregator.store.database import Connection

_AMONG = "SELECT batch_id FROM deleted_batches WHERE batch_id = ANY($1::uuid[])"
_ADD = """
INSERT INTO deleted_batches (batch_id, deleted_at)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[]) AS u(batch_id, deleted_at) ORDER BY batch_id
ON CONFLICT (batch_id) DO UPDATE SET
    deleted_at = least(deleted_batches.deleted_at, excluded.deleted_at)
"""
_LEFT = "SELECT batch_id FROM deleted_batches WHERE rows_left LIMIT 1"
_JOBS = "SELECT job_id FROM jobs WHERE batch_id = $1 LIMIT $2"
_RELEASE = """
INSERT INTO unused_artefacts (key)
SELECT DISTINCT ref ->> 'key'
FROM jobs j LEFT JOIN parked_jobs p USING (job_id)
CROSS JOIN LATERAL (
    VALUES (script), (adapted), (audio), (srt), (vtt), (cut), (p.event -> 'script')
) AS v(ref)
WHERE j.job_id = ANY($1::uuid[]) AND ref ->> 'key' IS NOT NULL
ON CONFLICT (key) DO NOTHING
"""
_RELEASE_RUNS = """
INSERT INTO unused_artefacts (key)
SELECT DISTINCT key FROM run_artefacts WHERE job_id = ANY($1::uuid[])
ON CONFLICT (key) DO NOTHING
"""
_RELEASE_AGENT = """
INSERT INTO unused_artefacts (key)
SELECT agent ->> 'key' FROM batches WHERE batch_id = $1 AND agent ->> 'key' IS NOT NULL
ON CONFLICT (key) DO NOTHING
"""
# In the order that foreign keys ask for.
_DELETE_JOBS = tuple(
    f"DELETE FROM {table} WHERE job_id = ANY($1::uuid[])"  # noqa: S608 - tables of our own
    for table in (
        *("parked_jobs", "job_log", "job_attempts", "dead_letters"),
        *("run_artefacts", "jobs"),
    )
)
_DELETE_BATCH = (
    "DELETE FROM dead_letters WHERE batch_id = $1",
    "DELETE FROM batches WHERE batch_id = $1",
    "UPDATE deleted_batches SET rows_left = false WHERE batch_id = $1",
)


async def among(connection: Connection, batch_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these batches are deleted."""
    return {row["batch_id"] for row in await connection.fetch(_AMONG, list(batch_ids))}


async def add(connection: Connection, deleted: Mapping[UUID, datetime]) -> None:
    """Remember that these are deleted, and since when."""
    await connection.execute(_ADD, list(deleted), list(deleted.values()))


async def left(connection: Connection) -> UUID | None:
    """Return a deleted batch of which there may be rows."""
    found: UUID | None = await connection.fetchval(_LEFT)
    return found


async def remove(connection: Connection, batch_id: UUID, limit: int) -> int:
    """Remove some jobs of a batch and all that belongs to them; return how many.

    With its last jobs the batch goes. What it cost stays in `usage`. Nobody else may write
    meanwhile: see `Database.alone`.
    """
    job_ids = [row["job_id"] for row in await connection.fetch(_JOBS, batch_id, limit)]
    await connection.execute(_RELEASE, job_ids)
    await connection.execute(_RELEASE_RUNS, job_ids)
    for statement in _DELETE_JOBS:
        await connection.execute(statement, job_ids)
    if len(job_ids) < limit:
        await connection.execute(_RELEASE_AGENT, batch_id)
        for statement in _DELETE_BATCH:
            await connection.execute(statement, batch_id)
    return len(job_ids)
