"""The tables `jobs` and `job_log`, as the aggregator last folded them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.gateway.store.database import Database
from shared.vocabulary import ArtefactRef, JobState, ParkReason

_ARTEFACTS = ("script", "adapted", "audio", "srt", "vtt")
_COLUMNS = """
    job_id, batch_id, position, title, language, voice, variation, aspect, state,
    script::text, adapted::text, audio::text, srt::text, vtt::text,
    audio_seconds, characters, segments, provider_calls, error_stage, error_code, error,
    attempts, run, parked_for, voice_used, voice_reason,
    created_at, started_at, updated_at, completed_at
"""
_GET = f"""
SELECT {_COLUMNS} FROM jobs WHERE user_id = $1 AND job_id = $2
  AND NOT EXISTS (SELECT FROM deletions d WHERE d.batch_id = jobs.batch_id)
"""  # noqa: S608 - constants only
_PAGE = f"""
SELECT {_COLUMNS} FROM jobs
WHERE user_id = $1 AND batch_id = $2 AND position > $3
  AND ($4::text IS NULL OR state = $4)
  AND ($5::text IS NULL OR lower(language) = lower($5))
  AND ($7::text IS NULL OR strpos(lower(title), lower($7)) > 0)
  AND ($8::text IS NULL OR lower(voice) = lower($8))
ORDER BY position LIMIT $6
"""  # noqa: S608 - constants only
# Sorted otherwise, rows may move while a batch runs: a page begins after so many rows.
SORTS = {
    "title": "lower(title)",
    "language": "language",
    "state": "state",
    "audio_seconds": "audio_seconds",
    "updated_at": "updated_at",
}
_SORTED = """
SELECT {columns} FROM jobs
WHERE user_id = $1 AND batch_id = $2
  AND ($4::text IS NULL OR state = $4)
  AND ($5::text IS NULL OR lower(language) = lower($5))
  AND ($7::text IS NULL OR strpos(lower(title), lower($7)) > 0)
  AND ($8::text IS NULL OR lower(voice) = lower($8))
ORDER BY {sort} {way} NULLS LAST, position OFFSET $3 + 1 LIMIT $6
"""
_BREAKDOWN = """
SELECT language, state, error_stage, error_code, count(*) AS jobs, min(error) AS example
FROM jobs WHERE user_id = $1 AND batch_id = $2
GROUP BY language, state, error_stage, error_code
ORDER BY language, state, error_stage, error_code
"""
_SEVERAL_VOICES = """
SELECT language FROM jobs WHERE user_id = $1 AND batch_id = $2
GROUP BY language HAVING count(DISTINCT voice) > 1
"""
# The newest lines, oldest first.
_LOG = """
SELECT at, stage, message FROM (
    SELECT at, stage, message FROM job_log WHERE job_id = $1 ORDER BY at DESC LIMIT $2
) AS newest ORDER BY at
"""


_FAILED = """
SELECT job_id, run FROM jobs WHERE user_id = $1 AND batch_id = $2 AND state = 'failed'
ORDER BY position
"""
_ATTEMPTS = """
SELECT at, stage, run, code, reason, delay_seconds FROM job_attempts
WHERE job_id = $1 ORDER BY at, event_id, position LIMIT 1000
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A row of `jobs`."""

    job_id: UUID
    batch_id: UUID
    position: int
    title: str
    language: str
    voice: str | None
    variation: int
    aspect: str
    state: JobState
    script: ArtefactRef | None
    adapted: ArtefactRef | None
    audio: ArtefactRef | None
    srt: ArtefactRef | None
    vtt: ArtefactRef | None
    audio_seconds: float | None
    characters: int | None
    segments: int | None
    provider_calls: int
    error_stage: str | None
    error_code: str | None
    error: str | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    completed_at: datetime | None
    run: int = 1
    parked_for: ParkReason | None = None
    voice_used: str | None = None
    voice_reason: str | None = None

    @property
    def narrated(self) -> ArtefactRef | None:
        """Return the text that is, or will be, spoken; the master script until it is adapted."""
        return self.adapted or self.script


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFilter:
    """Which jobs of a batch are wanted, and from where on.

    Attributes:
        sort: One of `SORTS`, with a `-` before it where the largest comes first; else the
            batch's own order.
        after_position: The position of the row before; where it is sorted, its place there.
    """

    state: JobState | None = None
    language: str | None = None
    voice: str | None = None
    search: str | None = None
    sort: str = "position"
    after_position: int = -1
    limit: int = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How many jobs of a language stand alike; where they failed, at what.

    Attributes:
        example: What one of them was told.
    """

    language: str
    state: JobState
    error_stage: str | None
    error_code: str | None
    jobs: int
    example: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """A row of `job_log`."""

    at: datetime
    stage: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedTry:
    """A row of `job_attempts`."""

    at: datetime
    stage: str
    run: int
    code: str
    reason: str
    delay_seconds: float | None


@dataclass(frozen=True, slots=True)
class JobStore:
    """Jobs as the gateway may read them. The aggregator writes them."""

    database: Database

    async def get(self, user_id: UUID, job_id: UUID) -> Job | None:
        """Return the job, or None where it is not there or not this user's."""
        row = await self.database.row(_GET, user_id, job_id)
        return _job(row) if row else None

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        """Return jobs of a batch, in its own order or sorted."""
        rows = await self.database.rows(
            _page(wanted.sort),
            user_id,
            batch_id,
            wanted.after_position,
            wanted.state,
            wanted.language,
            wanted.limit,
            wanted.search or None,
            wanted.voice,
        )
        return [_job(row) for row in rows]

    async def breakdown(self, user_id: UUID, batch_id: UUID) -> list[Standing]:
        """Return how the jobs of a batch stand, by language and by what they failed at."""
        rows = await self.database.rows(_BREAKDOWN, user_id, batch_id)
        return [Standing(**dict(row) | {"state": JobState(row["state"])}) for row in rows]

    async def languages_with_several_voices(self, user_id: UUID, batch_id: UUID) -> set[str]:
        """Return the languages in which a file name must say whose voice it is."""
        rows = await self.database.rows(_SEVERAL_VOICES, user_id, batch_id)
        return {row["language"] for row in rows}

    async def failed(self, user_id: UUID, batch_id: UUID) -> dict[UUID, int]:
        """Return the jobs of a batch that failed, each with the run that did."""
        rows = await self.database.rows(_FAILED, user_id, batch_id)
        return {row["job_id"]: row["run"] for row in rows}

    async def attempts(self, job_id: UUID) -> list[FailedTry]:
        """Return the tries of a job that failed or had to wait, oldest first."""
        return [FailedTry(**row) for row in await self.database.rows(_ATTEMPTS, job_id)]

    async def log(self, job_id: UUID, *, limit: int) -> list[LogLine]:
        """Return the newest lines of a job's log, oldest first. The caller checks whose it is."""
        return [LogLine(**row) for row in await self.database.rows(_LOG, job_id, limit)]


def _page(sort: str) -> str:
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        return _PAGE
    way = "DESC" if sort.startswith("-") else "ASC"
    return _SORTED.format(columns=_COLUMNS, sort=column, way=way)


def _job(row: asyncpg.Record) -> Job:
    fields: dict[str, Any] = dict(row)
    for name in _ARTEFACTS:
        if fields[name] is not None:
            fields[name] = ArtefactRef.model_validate_json(fields[name])
    return Job(**fields | {"state": JobState(fields["state"])})
