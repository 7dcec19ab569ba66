"""Jobs and batches by the field names of those days."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.gateway.seeds import states
from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job
from shared.vocabulary import JobState

_ID = "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"


class JobLine(BaseModel):
    """A job, in a word."""

    job_id: UUID = Field(examples=[_ID])
    titulo: str = Field(examples=["O segredo das abelhas"])
    status: str = Field(description="`queued`, `running`, `completed` or `failed`.")


class BatchSeen(BaseModel):
    """How far a batch is."""

    batch_id: UUID = Field(examples=[_ID])
    status: str = Field(
        description="`queued`, `running`, `paused`, `completed` or `failed`.", examples=["running"]
    )
    total_jobs: int
    completed_jobs: int
    failed_jobs: int
    running_jobs: int
    paused_jobs: int
    progress_percentage: float
    estimated_completion_time: datetime | None = Field(
        default=None, description="From the pace so far; null while there is none."
    )
    jobs: list[JobLine] = []

    @classmethod
    def of(cls, batch: Batch, jobs: Iterable[Job] = ()) -> Self:
        """Return how it was shown then."""
        counts = batch.counts
        failed = counts.failed + counts.cancelled
        at_work = counts.scripting + counts.adapting + counts.narrating + counts.awaiting_review
        status = states.BATCHES[batch.state]
        ended = counts.completed + failed
        return cls(
            batch_id=batch.batch_id,
            status=status,
            total_jobs=counts.total,
            completed_jobs=counts.completed,
            failed_jobs=failed,
            running_jobs=at_work,
            paused_jobs=counts.total - ended if status == "paused" else 0,
            progress_percentage=round(100 * ended / counts.total, 2) if counts.total else 0.0,
            estimated_completion_time=_finish(batch, ended),
            jobs=[
                JobLine(job_id=job.job_id, titulo=job.title, status=states.JOBS[job.state])
                for job in jobs
            ],
        )


class ResultSeen(BaseModel):
    """A job, with what it made."""

    id: UUID = Field(examples=[_ID])
    job_id: UUID = Field(examples=[_ID])
    batch_id: UUID = Field(examples=[_ID])
    title: str
    language_code: str
    voice_id: str | None
    variation_number: int
    status: str
    roteiro_url: str | None
    audio_url: str | None
    voice_used: str | None
    error_message: str | None
    retry_count: int
    processing_time_seconds: float | None
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    completed_at: datetime | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return how it was shown then."""
        took = job.completed_at - job.started_at if job.completed_at and job.started_at else None
        return cls(
            id=job.job_id,
            job_id=job.job_id,
            batch_id=job.batch_id,
            title=job.title,
            language_code=job.language,
            voice_id=job.voice,
            variation_number=job.variation,
            status=states.JOBS[job.state],
            roteiro_url=f"/v1/jobs/{job.job_id}/script" if job.narrated else None,
            audio_url=audio_url(job),
            voice_used=(job.voice_used or job.voice) if job.state is JobState.COMPLETED else None,
            error_message=job.error,
            retry_count=job.attempts,
            processing_time_seconds=took.total_seconds() if took else None,
            created_at=job.created_at,
            updated_at=job.updated_at,
            started_at=job.started_at,
            completed_at=job.completed_at,
        )


def audio_url(job: Job) -> str | None:
    """Return where the sound is; None where there is none yet."""
    return f"/v1/jobs/{job.job_id}/audio" if job.audio else None


def variation(job: Job) -> str:
    """Return what a variation is called."""
    return f"variacao_{job.variation}"


def by_variation(jobs: Iterable[Job], values: dict[UUID, Any]) -> dict[str, dict[str, Any]]:
    """Return `values`, by variation and language."""
    found: dict[str, dict[str, Any]] = {}
    for job in jobs:
        if job.job_id in values:
            found.setdefault(variation(job), {})[job.language] = values[job.job_id]
    return found


def _finish(batch: Batch, ended: int) -> datetime | None:
    if not ended or batch.started_at is None or batch.completed_at is not None:
        return batch.completed_at
    each = (batch.updated_at - batch.started_at) / ended
    return batch.updated_at + max(each, timedelta()) * (batch.counts.total - ended)
