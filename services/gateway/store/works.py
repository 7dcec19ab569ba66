"""Jobs with everything that is needed to do them again: `jobs`, `batches`, `parked_jobs`."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from services.gateway.store.database import Database
from shared.vocabulary import ArtefactRef, Chapter, JobState, Mode, Options, ReadingNote

_SELECT = """
SELECT j.job_id, j.batch_id, j.user_id, j.position, j.title, j.language, j.voice, j.variation,
       j.aspect, j.state, j.run, coalesce(j.options, b.options)::text AS options,
       b.agent::text AS agent, j.script::text AS script, j.adapted::text AS adapted,
       j.chapters::text AS chapters, j.reading_notes::text AS reading_notes, j.cut::text AS cut,
       CASE WHEN j.parked_for = 'review' THEN p.event::text END AS held, p.detail, p.parked_at
FROM jobs j JOIN batches b ON b.batch_id = j.batch_id
LEFT JOIN parked_jobs p ON p.job_id = j.job_id AND p.run = j.run
"""
_WORKS = f"""{_SELECT} WHERE j.user_id = $1 AND j.job_id = ANY($2::uuid[])
  AND NOT EXISTS (SELECT FROM deletions d WHERE d.batch_id = j.batch_id)
"""
_ALIKE = f"{_SELECT} WHERE j.user_id = $1 AND j.batch_id = $2 AND j.title = ANY($3::text[])"

_WHOLE = """
SELECT b.mode, b.name, b.agent::text AS agent, b.options::text AS options,
       coalesce(b.request ->> 'script_language', 'en-US') AS script_language,
       coalesce((SELECT max(position) FROM jobs j WHERE j.batch_id = b.batch_id), -1) AS last
FROM batches b WHERE b.user_id = $1 AND b.batch_id = $2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A batch, as more could be asked of it.

    Attributes:
        last: The position of its last job.
    """

    mode: Mode | None
    name: str
    agent: ArtefactRef | None
    options: Options
    script_language: str
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job, as it could be done again.

    Attributes:
        adapted: The text that was, or is to be, spoken.
        cut: How it was cut into segments.
        held: The event that goes on with it, where somebody must approve its text.
    """

    job_id: UUID
    batch_id: UUID
    user_id: UUID
    position: int
    title: str
    language: str
    voice: str | None
    variation: int
    aspect: str
    state: JobState
    run: int
    options: Options
    agent: ArtefactRef | None
    script: ArtefactRef | None
    adapted: ArtefactRef | None
    chapters: tuple[Chapter, ...]
    reading_notes: tuple[ReadingNote, ...]
    cut: ArtefactRef | None
    held: Mapping[str, Any] | None
    detail: str | None
    parked_at: Any


@dataclass(frozen=True, slots=True)
class WorkStore:
    """What jobs are made of. The aggregator writes it."""

    database: Database

    async def all(self, user_id: UUID, job_ids: Collection[UUID]) -> dict[UUID, Work]:
        """Return those of the jobs that are there and this user's."""
        rows = await self.database.rows(_WORKS, user_id, list(job_ids))
        return {row["job_id"]: _work(row) for row in rows}

    async def of_titles(self, user_id: UUID, batch_id: UUID, titles: Collection[str]) -> list[Work]:
        """Return the jobs of a batch that are about one of `titles`."""
        rows = await self.database.rows(_ALIKE, user_id, batch_id, list(titles))
        return [_work(row) for row in rows]

    async def whole(self, user_id: UUID, batch_id: UUID) -> Whole | None:
        """Return a batch; None until it has been folded, and where it is not this user's."""
        row = await self.database.row(_WHOLE, user_id, batch_id)
        if row is None:
            return None
        agent, mode = row["agent"], row["mode"]
        return Whole(
            mode=Mode(mode) if mode else None,
            name=row["name"],
            agent=ArtefactRef.model_validate_json(agent) if agent else None,
            options=Options.model_validate_json(row["options"] or "{}"),
            script_language=row["script_language"],
            last=row["last"],
        )


def _work(row: asyncpg.Record) -> Work:
    fields: dict[str, Any] = dict(row)
    for name in ("agent", "script", "adapted", "cut"):
        if fields[name] is not None:
            fields[name] = ArtefactRef.model_validate_json(fields[name])
    fields["options"] = Options.model_validate_json(fields["options"] or "{}")
    chapters, notes = (json.loads(fields[n] or "[]") for n in ("chapters", "reading_notes"))
    fields["chapters"] = tuple(map(Chapter.model_validate, chapters))
    fields["reading_notes"] = tuple(map(ReadingNote.model_validate, notes))
    fields["held"] = json.loads(fields["held"]) if fields["held"] else None
    return Work(**fields | {"state": JobState(fields["state"])})
