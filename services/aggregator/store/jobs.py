"""Writing the table `jobs`."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.aggregator.rules import Job
from services.aggregator.store.database import Connection, rows
from shared.vocabulary import JobState

# One statement of more rows than this would hold up heartbeats and probes.
INSERT_ROWS = 5_000

_KNOWN = "SELECT job_id FROM jobs WHERE job_id = ANY($1::uuid[])"
_INSERT = """
INSERT INTO jobs (job_id, batch_id, user_id, position, title, language, voice, variation, aspect,
    options, created_at, updated_at)
SELECT job_id, batch_id, user_id, coalesce(position, nextval('arrivals')), title, language, voice,
       variation, coalesce(aspect, ''), options, created_at, created_at
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    job_id uuid, batch_id uuid, user_id uuid, position int, title text, language text, voice text,
    variation int, aspect text, options jsonb, created_at timestamptz
)
ORDER BY job_id
ON CONFLICT (job_id) DO NOTHING
RETURNING job_id, batch_id
"""
_LOCK = """
SELECT job_id, batch_id, state, waiting, paused, seen, position, voice, provider_calls,
       characters, audio_seconds, audio ->> 'sha256' AS audio_sha256, started_at, updated_at,
       completed_at
FROM jobs WHERE job_id = ANY($1::uuid[])
ORDER BY job_id
FOR NO KEY UPDATE
"""
# A column that this fold has nothing for stays as it is.
_UPDATE = """
UPDATE jobs j SET
    state = u.state, waiting = u.waiting, paused = u.paused, seen = u.seen,
    position = u.position, provider_calls = u.provider_calls,
    characters = u.characters, audio_seconds = u.audio_seconds,
    started_at = u.started_at, completed_at = u.completed_at, updated_at = u.updated_at,
    -- A job of no request began when it was first heard of.
    created_at = coalesce(
        u.created_at, CASE WHEN u.position >= 1000000000 THEN u.started_at END, j.created_at),
    voice = u.voice,
    -- The release loop's own clock until the event it published arrives.
    released_at = coalesce(u.started_at, j.released_at),
    script = coalesce(u.script, j.script), adapted = coalesce(u.adapted, j.adapted),
    audio = coalesce(u.audio, j.audio), srt = coalesce(u.srt, j.srt),
    vtt = coalesce(u.vtt, j.vtt), segments = coalesce(u.segments, j.segments),
    attempts = coalesce(u.attempts, j.attempts),
    -- A job that completed after all has no error.
    error_stage = CASE WHEN u.state <> 'completed' THEN coalesce(u.error_stage, j.error_stage) END,
    error_code = CASE WHEN u.state <> 'completed' THEN coalesce(u.error_code, j.error_code) END,
    error = CASE WHEN u.state <> 'completed' THEN coalesce(u.error, j.error) END
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    job_id uuid, state text, waiting boolean, paused boolean, seen smallint, position int,
    provider_calls int, characters int, audio_seconds double precision,
    started_at timestamptz, updated_at timestamptz, completed_at timestamptz,
    created_at timestamptz, voice text,
    script jsonb, adapted jsonb, audio jsonb, srt jsonb, vtt jsonb, segments int, attempts int,
    error_stage text, error_code text, error text
)
WHERE j.job_id = u.job_id
"""


async def known(connection: Connection, job_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these jobs there are. Locks nothing."""
    return {row["job_id"] for row in await connection.fetch(_KNOWN, list(job_ids))}


async def insert(
    connection: Connection, jobs: Sequence[dict[str, Any]]
) -> tuple[Counter[UUID], set[UUID]]:
    """Insert those jobs that are not there: how many of each batch, and which.

    A job without a position gets one in the order of arrival.
    """
    ordered = sorted(jobs, key=lambda job: job["job_id"])
    new: Counter[UUID] = Counter()
    ids: set[UUID] = set()
    for start in range(0, len(ordered), INSERT_ROWS):
        portion = rows(ordered[start : start + INSERT_ROWS])
        for row in await connection.fetch(_INSERT, portion):
            new[row["batch_id"]] += 1
            ids.add(row["job_id"])
    return new, ids


async def lock(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """Return those of the jobs that are there; nobody else changes them meanwhile."""
    return {
        row["job_id"]: Job(**{**row, "state": JobState(row["state"])})
        for row in await connection.fetch(_LOCK, list(job_ids))
    }


async def update(connection: Connection, jobs: Collection[Job]) -> None:
    """Write jobs back. The caller holds their locks."""
    await connection.execute(_UPDATE, rows([_row(job) for job in jobs]))


def _row(job: Job) -> dict[str, Any]:
    return {
        "job_id": job.job_id,
        "state": job.state,
        "waiting": job.waiting,
        "paused": job.paused,
        "seen": job.seen,
        "position": job.position,
        "voice": job.voice,
        "provider_calls": job.provider_calls,
        "characters": job.characters,
        "audio_seconds": job.audio_seconds,
        "started_at": job.started_at,
        "updated_at": job.updated_at,
        "completed_at": job.completed_at,
        **job.writes,
    }
