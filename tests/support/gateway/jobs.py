"""Jobs in memory."""

from dataclasses import dataclass, field
from uuid import UUID

from services.gateway.store.jobs import FailedTry, Job, JobFilter, LogLine, Standing
from shared.vocabulary import JobState
from tests.support.gateway.rows import ME


@dataclass
class FakeJobs:
    rows: dict[UUID, tuple[UUID, Job]] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    tries: list[FailedTry] = field(default_factory=list)

    def add(self, row: Job, owner: UUID = ME) -> Job:
        self.rows[row.job_id] = (owner, row)
        return row

    async def failed(self, user_id: UUID, batch_id: UUID) -> dict[UUID, int]:
        mine = [row for owner, row in self.rows.values() if owner == user_id]
        return {
            row.job_id: row.run
            for row in mine
            if (row.batch_id, row.state) == (batch_id, JobState.FAILED)
        }

    async def get(self, user_id: UUID, job_id: UUID) -> Job | None:
        owner, row = self.rows.get(job_id, (None, None))
        return row if owner == user_id else None

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        mine = [
            row
            for owner, row in self.rows.values()
            if (owner, row.batch_id) == (user_id, batch_id)
            and row.position > wanted.after_position
            and wanted.state in (None, row.state)
            and wanted.language in (None, row.language)
            and wanted.voice in (None, row.voice)
            and (wanted.search or "").lower() in row.title.lower()
        ]
        return sorted(mine, key=lambda row: row.position)[: wanted.limit]

    async def breakdown(self, user_id: UUID, batch_id: UUID) -> list[Standing]:
        rows = [
            row for owner, row in self.rows.values() if (owner, row.batch_id) == (user_id, batch_id)
        ]
        return [
            Standing(
                language=row.language,
                state=row.state,
                error_stage=row.error_stage,
                error_code=row.error_code,
                jobs=1,
                example=row.error,
            )
            for row in rows
        ]

    async def languages_with_several_voices(self, user_id: UUID, batch_id: UUID) -> set[str]:
        voices: dict[str, set[str | None]] = {}
        for _, row in self.rows.values():
            voices.setdefault(row.language, set()).add(row.voice)
        return {language for language, cast in voices.items() if len(cast) > 1}

    async def attempts(self, job_id: UUID) -> list[FailedTry]:
        return self.tries

    async def log(self, job_id: UUID, *, limit: int) -> list[LogLine]:
        return self.lines[-limit:]
