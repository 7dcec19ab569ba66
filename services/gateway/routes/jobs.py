"""/jobs: one title in one language by one voice."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from services.gateway.deps import MyJob, TheJobs
from services.gateway.store.jobs import Job
from shared.vocabulary import JobState, ParkReason

router = APIRouter(prefix="/jobs", tags=["jobs"])

_ID = "8c1d3a52-8a0d-5d6f-9d34-2f6f0f5a7e10"

_LINKS: JsonDict = {
    "self": f"/v1/jobs/{_ID}",
    "batch": "/v1/batches/5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11",
    "log": f"/v1/jobs/{_ID}/log",
    "audio": f"/v1/jobs/{_ID}/audio",
    "srt": f"/v1/jobs/{_ID}/srt",
    "vtt": f"/v1/jobs/{_ID}/vtt",
    "script": f"/v1/jobs/{_ID}/script",
}


class JobLinks(BaseModel):
    """Where to go from a job; null where there is nothing yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [_LINKS]})

    self: str
    batch: str
    log: str
    audio: str | None
    srt: str | None
    vtt: str | None
    script: str | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return the links of a job."""
        path = f"/v1/jobs/{job.job_id}"
        files = {"audio": job.audio, "srt": job.srt, "vtt": job.vtt, "script": job.narrated}
        there = {name: f"{path}/{name}" if ref else None for name, ref in files.items()}
        return cls(self=path, batch=f"/v1/batches/{job.batch_id}", log=f"{path}/log", **there)


class JobError(BaseModel):
    """Why a job failed for good."""

    stage: str = Field(description="Which stage gave up.", examples=["narrator"])
    code: str = Field(description="For programs.", examples=["refused"])
    message: str = Field(description="For people.", examples=["the voice refused this text"])


class JobRead(BaseModel):
    """A job, and how far it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "job_id": _ID,
                    "batch_id": "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11",
                    "position": 0,
                    "title": "Why is the sky dark at night?",
                    "language": "pt-BR",
                    "voice": "pt-BR-Chirp3-HD-Kore",
                    "voice_used": "pt-BR-Chirp3-HD-Kore",
                    "voice_reason": "",
                    "variation": 1,
                    "aspect": "",
                    "state": "completed",
                    "audio_seconds": 182.4,
                    "characters": 2650,
                    "segments": 9,
                    "provider_calls": 14,
                    "attempts": 1,
                    "run": 1,
                    "parked_for": None,
                    "error": None,
                    "created_at": "2026-11-20T12:00:00Z",
                    "started_at": "2026-11-20T12:00:01Z",
                    "updated_at": "2026-11-20T12:00:40Z",
                    "completed_at": "2026-11-20T12:00:40Z",
                    "links": _LINKS,
                }
            ]
        }
    )

    job_id: UUID
    batch_id: UUID
    position: int = Field(description="Its place in the batch, from 0.")
    title: str
    language: str
    voice: str | None = Field(description="Who was asked for.")
    voice_used: str | None = Field(
        description="Who spoke; another than `voice` only where `options.other_voices` allows it."
    )
    voice_reason: str | None = Field(
        description="Why it was them, where they were not named or the one who was could not."
    )
    variation: int
    aspect: str
    state: JobState
    audio_seconds: float | None
    characters: int | None
    segments: int | None
    provider_calls: int
    attempts: int
    run: int = Field(description="How often it was begun: retries and edits begin another run.")
    parked_for: ParkReason | None = Field(
        description="Why its stage gave it back, while it has not gone on."
    )
    error: JobError | None
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    completed_at: datetime | None
    links: JobLinks

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return how the API shows `job`."""
        own = cls.model_fields.keys() - {"error", "links"}
        fields: dict[str, Any] = {name: getattr(job, name) for name in own}
        return cls(**fields, error=_error(job), links=JobLinks.of(job))


class FailedTryRead(BaseModel):
    """A try that failed, or had to wait."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime = Field(examples=["2026-11-20T12:00:07Z"])
    stage: str = Field(examples=["narrator"])
    run: int = Field(description="Which going of the job it was.", examples=[1])
    code: str = Field(examples=["rate_limited"])
    reason: str = Field(examples=["the provider asked for a pause"])
    delay_seconds: float | None = Field(
        description="How long until the next try; null: there was none.", examples=[2.5]
    )


class JobDetail(JobRead):
    """A job, and what went wrong on its way."""

    history: list[FailedTryRead] = Field(
        description="Oldest first; of one stage the newest 20. Also of a job that completed."
    )


class LogLineRead(BaseModel):
    """What a stage said about a job."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime = Field(examples=["2026-11-20T12:00:07Z"])
    stage: str = Field(examples=["scripter"])
    message: str = Field(examples=["writing block 3 of 8"])


class JobLog(BaseModel):
    """The newest lines, oldest first."""

    items: list[LogLineRead]


@router.get("/{job_id}", summary="Read a job")
async def read_job(job: MyJob, jobs: TheJobs) -> JobDetail:
    """Return a job, how far it is, and every try of it that came to nothing."""
    tries = await jobs.attempts(job.job_id)
    return JobDetail(
        **dict(JobRead.of(job)), history=[FailedTryRead.model_validate(each) for each in tries]
    )


@router.get("/{job_id}/log", summary="Read a job's log")
async def read_job_log(
    job: MyJob, jobs: TheJobs, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> JobLog:
    """Return what the stages said while they worked on a job. Best effort: lines may lack."""
    lines = await jobs.log(job.job_id, limit=limit)
    return JobLog(items=[LogLineRead.model_validate(line) for line in lines])


def _error(job: Job) -> JobError | None:
    if job.error is None and job.error_code is None:
        return None
    return JobError(
        stage=job.error_stage or "", code=job.error_code or "failed", message=job.error or ""
    )
