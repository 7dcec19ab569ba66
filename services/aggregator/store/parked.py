"""Jobs that stages gave back: the table `parked_jobs`."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from services.aggregator.store.database import Connection, rows
from shared.events import JobsParked

_KEEP = """
INSERT INTO parked_jobs (job_id, batch_id, run, parking, stage, reason, not_before, detail, topic,
    event, parked_at)
SELECT job_id, batch_id, run, parking, stage, reason, not_before, detail, topic, event, parked_at
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    job_id uuid, batch_id uuid, run int, parking int, stage text, reason text,
    not_before timestamptz, detail text, topic text, event jsonb, parked_at timestamptz)
ON CONFLICT (job_id) DO UPDATE SET
    run = excluded.run, parking = excluded.parking, stage = excluded.stage,
    reason = excluded.reason, not_before = excluded.not_before, detail = excluded.detail,
    topic = excluded.topic, event = excluded.event, parked_at = excluded.parked_at
"""
_FORGET = "DELETE FROM parked_jobs WHERE job_id = ANY($1::uuid[])"
_DUE = """
j.parked_for IS NOT NULL AND (j.run, j.parking) = (p.run, p.parking)
  AND p.reason <> 'review' AND NOT j.paused AND (p.not_before IS NULL OR p.not_before <= now())
  AND (p.reason <> 'budget' OR b.resumed_at > p.parked_at)
"""
_COUNT_DUE = f"""
SELECT b.batch_id, count(*) AS jobs
FROM batches b JOIN parked_jobs p USING (batch_id) JOIN jobs j USING (job_id)
WHERE b.completed_at IS NULL AND b.parked > 0 AND NOT b.paused AND b.cancelled_by IS NULL
  AND {_DUE}
GROUP BY b.batch_id
"""  # noqa: S608 - constants only
_TAKE = f"""
SELECT due.* FROM unnest($1::uuid[], $2::int[]) AS portion(batch_id, jobs)
CROSS JOIN LATERAL (
    SELECT p.job_id, p.batch_id, p.reason, p.topic, p.event::text AS event
    FROM parked_jobs p JOIN jobs j USING (job_id) JOIN batches b ON b.batch_id = p.batch_id
    WHERE p.batch_id = portion.batch_id AND {_DUE}
    ORDER BY j.position LIMIT portion.jobs
    FOR NO KEY UPDATE OF j SKIP LOCKED
) AS due
"""  # noqa: S608 - constants only
_WENT_ON = """
UPDATE jobs SET went_on = parking, parked_for = NULL
WHERE job_id = ANY($1::uuid[])
"""


async def keep(connection: Connection, events: Sequence[JobsParked]) -> None:
    """Remember what sets these jobs going again. The caller holds the jobs' locks."""
    await connection.execute(_KEEP, rows([_row(event) for event in events]))


async def forget(connection: Connection, job_ids: Collection[UUID]) -> None:
    """Forget jobs that are not parked any more."""
    await connection.execute(_FORGET, list(job_ids))


async def due(connection: Connection) -> dict[UUID, int]:
    """Return how many jobs of which batches may go on now."""
    return {row["batch_id"]: row["jobs"] for row in await connection.fetch(_COUNT_DUE)}


async def take(
    connection: Connection, portions: Sequence[tuple[UUID, int]]
) -> list[Mapping[str, Any]]:
    """Lock the next jobs of each batch that may go on; return the events to publish."""
    batch_ids, counts = [part[0] for part in portions], [part[1] for part in portions]
    return [dict(row) for row in await connection.fetch(_TAKE, batch_ids, counts)]


async def mark_gone_on(connection: Connection, job_ids: Collection[UUID]) -> None:
    """Note that these are on their way again, as folding their event will."""
    await connection.execute(_WENT_ON, list(job_ids))
    await forget(connection, job_ids)


def _row(event: JobsParked) -> dict[str, Any]:
    return {
        "job_id": event.job_id,
        "batch_id": event.batch_id,
        "run": event.run,
        "parking": event.parking,
        "stage": event.stage,
        "reason": event.reason,
        "not_before": event.not_before,
        "detail": event.detail,
        "topic": event.resume.topic,
        "event": event.resume.event,
        "parked_at": event.occurred_at,
    }
