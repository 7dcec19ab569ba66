"""Jobs that could be done again, and the versions of their texts, in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.gateway.store.script_versions import Origin, ScriptVersion
from services.gateway.store.works import Whole, Work
from shared.vocabulary import ArtefactRef, JobState, Options

ME = UUID("00000000-0000-0000-0000-0000000000a1")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def work(**changes: Any) -> Work:
    values: dict[str, Any] = {
        "job_id": uuid4(),
        "batch_id": uuid4(),
        "user_id": ME,
        "position": 0,
        "title": "Bees",
        "language": "en-US",
        "voice": "espeak:en-US",
        "variation": 1,
        "aspect": "",
        "state": JobState.COMPLETED,
        "run": 1,
        "options": Options(),
        "agent": None,
        "script": None,
        "adapted": None,
        "chapters": (),
        "reading_notes": (),
        "cut": None,
        "held": None,
        "detail": None,
        "parked_at": None,
    }
    return Work(**values | changes)


@dataclass
class FakeWorks:
    rows: dict[UUID, Work] = field(default_factory=dict)

    def add(self, row: Work) -> Work:
        self.rows[row.job_id] = row
        return row

    async def whole(self, user_id: UUID, batch_id: UUID) -> Whole | None:
        mine = [row for row in self.rows.values() if row.batch_id == batch_id]
        return Whole(
            mode=None,
            name="Bees",
            agent=ArtefactRef(key="agent", sha256="a" * 64, bytes=1, media_type="text/plain"),
            options=Options(),
            script_language="en-US",
            last=max((row.position for row in mine), default=-1),
        )

    async def all(self, user_id: UUID, job_ids: Collection[UUID]) -> dict[UUID, Work]:
        return {
            job_id: row
            for job_id, row in self.rows.items()
            if job_id in job_ids and row.user_id == user_id
        }

    async def of_titles(self, user_id: UUID, batch_id: UUID, titles: Collection[str]) -> list[Work]:
        rows = (row for row in self.rows.values() if row.title in titles)
        return [row for row in rows if (row.user_id, row.batch_id) == (user_id, batch_id)]


@dataclass
class FakeVersions:
    rows: dict[tuple[UUID, int], ScriptVersion] = field(default_factory=dict)

    async def keep_original(self, work: Work, script: ArtefactRef) -> None:
        self.rows.setdefault((work.job_id, work.run), self._row(work.run, script, "original"))

    async def claim(
        self, work: Work, script: ArtefactRef, *, origin: Origin, begins: bool
    ) -> int | None:
        version = work.run + 1 if begins else work.run
        there = self.rows.get((work.job_id, version))
        if begins and there is not None and there.script != script:
            return None
        self.rows[work.job_id, version] = self._row(version, script, origin)
        return version

    async def all(self, user_id: UUID, job_id: UUID) -> list[ScriptVersion]:
        return [row for (job, _), row in sorted(self.rows.items()) if job == job_id]

    def _row(self, version: int, script: ArtefactRef, origin: Origin) -> ScriptVersion:
        return ScriptVersion(version=version, script=script, origin=origin, created_at=NOW)
