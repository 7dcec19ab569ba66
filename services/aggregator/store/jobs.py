"""Writing the table `jobs`."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from services.aggregator.rules import Job
from services.aggregator.store.columns import Columns
from services.aggregator.store.database import Connection, document
from shared.vocabulary import JobState

# One statement of more rows than this would hold up heartbeats and probes.
INSERT_ROWS = 5_000

_STATES = {state.value: state for state in JobState}

_KNOWN = "SELECT job_id FROM jobs WHERE job_id = ANY($1::uuid[])"
_NEW = Columns("""
    job_id uuid, batch_id uuid, user_id uuid, position int, title text, language text,
    voice text, variation int, aspect text, options jsonb, text text,
    created_at timestamptz
""")
_OPTIONS = _NEW.names.index("options")
_INSERT = f"""
INSERT INTO jobs (job_id, batch_id, user_id, position, title, language, voice, variation, aspect,
    options, text, created_at, updated_at)
SELECT job_id, batch_id, user_id, coalesce(position, nextval('arrivals')), title, language, voice,
       variation, coalesce(aspect, ''), options, text, created_at, created_at
FROM {_NEW.rows}
ORDER BY job_id
ON CONFLICT (job_id) DO NOTHING
RETURNING job_id, batch_id
"""  # noqa: S608 - columns of our own, here and below
_LOCK = """
SELECT state, job_id, batch_id, waiting, paused, cancel_at, run, seen, parking, went_on, parked_for,
       position, voice, provider_calls, characters, audio_seconds,
       audio ->> 'sha256' AS audio_sha256, audio_at, script_run, adapted_run, audio_run, attempts,
       error_stage, error_code, error, started_at, updated_at, completed_at
FROM jobs WHERE job_id = ANY($1::uuid[])
ORDER BY job_id
FOR NO KEY UPDATE
"""
_CHANGED = Columns("""
    job_id uuid, state text, waiting boolean, paused boolean, cancel_at timestamptz, run int,
    seen smallint, parking int, went_on int, parked_for text, position int, voice text,
    provider_calls int, characters int, audio_seconds float8, audio_at timestamptz,
    script_run int, adapted_run int, audio_run int, attempts int, error_stage text,
    error_code text, error text, started_at timestamptz, updated_at timestamptz,
    completed_at timestamptz, brought jsonb
""")
_COLUMNS = attrgetter(*_CHANGED.names[:-1])
# An artefact that this fold did not bring stays as it is.
_UPDATE = f"""
UPDATE jobs j SET
    state = u.state, waiting = u.waiting, paused = u.paused, cancel_at = u.cancel_at,
    run = u.run, seen = u.seen, parking = u.parking, went_on = u.went_on,
    parked_for = u.parked_for, position = u.position, provider_calls = u.provider_calls,
    characters = u.characters, audio_seconds = u.audio_seconds, audio_at = u.audio_at,
    script_run = u.script_run, adapted_run = u.adapted_run, audio_run = u.audio_run,
    attempts = u.attempts,
    error_stage = u.error_stage, error_code = u.error_code, error = u.error,
    started_at = u.started_at, completed_at = u.completed_at, updated_at = u.updated_at,
    -- A job of no request began when it was first heard of.
    created_at = coalesce(
        (u.brought ->> 'created_at')::timestamptz,
        CASE WHEN u.position >= 1000000000 THEN u.started_at END, j.created_at),
    voice = u.voice,
    -- The release loop's own clock until the event it published arrives.
    released_at = coalesce(u.started_at, j.released_at),
    script = coalesce(u.brought -> 'script', j.script),
    adapted = coalesce(u.brought -> 'adapted', j.adapted),
    audio = coalesce(u.brought -> 'audio', j.audio),
    srt = coalesce(u.brought -> 'srt', j.srt),
    vtt = coalesce(u.brought -> 'vtt', j.vtt),
    cut = coalesce(u.brought -> 'cut', j.cut),
    chapters = coalesce(u.brought -> 'chapters', j.chapters),
    reading_notes = coalesce(u.brought -> 'reading_notes', j.reading_notes),
    options = coalesce(u.brought -> 'options', j.options),
    title = coalesce(u.brought ->> 'title', j.title),
    language = coalesce(u.brought ->> 'language', j.language),
    aspect = coalesce(u.brought ->> 'aspect', j.aspect),
    text = coalesce(u.brought ->> 'text', j.text),
    voice_used = coalesce(u.brought ->> 'voice_used', j.voice_used),
    voice_reason = coalesce(u.brought ->> 'voice_reason', j.voice_reason),
    segments = coalesce((u.brought ->> 'segments')::int, j.segments),
    variation = coalesce((u.brought ->> 'variation')::int, j.variation)
FROM {_CHANGED.rows}
WHERE j.job_id = u.job_id
"""  # noqa: S608 - as above


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
        portion = [_new(job) for job in ordered[start : start + INSERT_ROWS]]
        for row in await connection.fetch(_INSERT, *_NEW.of(portion)):
            new[row["batch_id"]] += 1
            ids.add(row["job_id"])
    return new, ids


async def lock(connection: Connection, job_ids: Collection[UUID]) -> dict[UUID, Job]:
    """Return those of the jobs that are there; nobody else changes them meanwhile."""
    return {
        job_id: Job(job_id, batch_id, _STATES[state], *others)
        for state, job_id, batch_id, *others in await connection.fetch(_LOCK, list(job_ids))
    }


async def update(connection: Connection, jobs: Collection[Job]) -> None:
    """Write jobs back. The caller holds their locks."""
    await connection.execute(_UPDATE, *_CHANGED.of([_changed(job) for job in jobs]))


def _new(job: Mapping[str, Any]) -> tuple[Any, ...]:
    values = [job.get(name) for name in _NEW.names]
    if (options := values[_OPTIONS]) is not None:
        values[_OPTIONS] = document(options)
    return tuple(values)


def _changed(job: Job) -> tuple[Any, ...]:
    brought = {name: value for name, value in job.writes.items() if value is not None}
    return *_COLUMNS(job), document(brought) if brought else None
