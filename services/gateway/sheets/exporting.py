"""A batch as the rows of a sheet: what was asked for, and what became of it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.gateway.editing import Editor
from services.gateway.errors import NotReadyError
from services.gateway.sheets.columns import TOLD
from services.gateway.sheets.writing import Cell
from services.gateway.store.jobs import Job, JobFilter
from services.gateway.store.usage import UsageStore
from services.gateway.store.works import Work
from shared.errors import InvalidRequestError

ASKED = ("job_id", "title", "language", "voice", "variation", "aspect", "minutes", "rate", "style")
JOBS_AT_ONCE = 200


class Jobs(Protocol):
    """What an export needs of the table `jobs`."""

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        """Return jobs of a batch, in its own order."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Writes the rows of one batch.

    Attributes:
        base: Where links lead to, without a slash at the end.
        scripts: Whether each text is written out.
    """

    jobs: Jobs
    usage: UsageStore
    editor: Editor
    user_id: UUID
    batch_id: UUID
    base: str
    scripts: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the headings."""
        return (*ASKED, *(("script",) if self.scripts else ()), *TOLD)

    async def pages(self) -> AsyncIterator[list[Sequence[Cell]]]:
        """Yield rows, some at a time: no batch is in memory whole."""
        wanted = JobFilter(limit=JOBS_AT_ONCE)
        while jobs := await self.jobs.page(self.user_id, self.batch_id, wanted):
            ids = [job.job_id for job in jobs]
            works = await self.editor.works.all(self.user_id, ids)
            costs = await self.usage.of_jobs(self.user_id, self.batch_id, ids)
            yield [
                await self._row(job, works.get(job.job_id), costs.get(job.job_id, 0.0))
                for job in jobs
            ]
            wanted = JobFilter(limit=JOBS_AT_ONCE, after_position=jobs[-1].position)

    async def _row(self, job: Job, work: Work | None, cost: float) -> list[Cell]:
        script = [await self._script(work)] if self.scripts else []
        return [*_asked(job, work), *script, *self._told(job, cost)]

    def _told(self, job: Job, cost: float) -> list[Cell]:
        path = f"{self.base}/v1/jobs/{job.job_id}"
        minutes = None if job.audio_seconds is None else round(job.audio_seconds / 60, 2)
        return [
            job.state.value,
            minutes,
            job.characters,
            job.provider_calls,
            round(cost, 6),
            job.error,
            f"{path}/audio" if job.audio else None,
            f"{path}/srt" if job.srt else None,
            f"{path}/script" if job.narrated else None,
            job.updated_at.isoformat(timespec="seconds"),
        ]

    async def _script(self, work: Work | None) -> str | None:
        if work is None:
            return None
        try:
            return (await self.editor.text(work)).content
        except (NotReadyError, InvalidRequestError):
            # Not made yet, or no longer kept.
            return None


def _asked(job: Job, work: Work | None) -> list[Cell]:
    options: dict[str, Any] = work.options.model_dump() if work else {}
    return [
        str(job.job_id),
        job.title,
        job.language,
        job.voice,
        job.variation,
        job.aspect or None,
        options.get("target_minutes"),
        options.get("speaking_rate", 1.0),
        options.get("style") or None,
    ]
