"""The table `run_artefacts`: what the runs of jobs made, where they have had several."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.aggregator.store.database import Connection

_KEEP = """
INSERT INTO run_artefacts (job_id, key)
SELECT job_id, ref ->> 'key'
FROM jobs CROSS JOIN LATERAL (
    VALUES (script), (adapted), (audio), (srt), (vtt), (cut)
) AS v(ref)
WHERE job_id = ANY($1::uuid[]) AND ref ->> 'key' IS NOT NULL
UNION
SELECT * FROM unnest($2::uuid[], $3::text[])
ON CONFLICT DO NOTHING
"""


async def keep(
    connection: Connection, again: Collection[UUID], made: Sequence[tuple[UUID, str]]
) -> None:
    """Remember what these jobs have made until now, and what their events say that they made."""
    job_ids, keys = [job_id for job_id, _ in made], [key for _, key in made]
    await connection.execute(_KEEP, list(again), job_ids, keys)
