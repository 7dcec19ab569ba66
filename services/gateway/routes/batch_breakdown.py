"""/batches/{id}/breakdown: how its jobs stand by language, and what went wrong how often."""

from collections import Counter
from collections.abc import Sequence
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, MyBatch, TheJobs
from services.gateway.store.jobs import Standing
from shared.vocabulary import JobState

router = APIRouter(prefix="/batches", tags=["batches"])


class FailuresRead(BaseModel):
    """Jobs that failed for the same reason."""

    stage: str = Field(description="Which stage gave up.", examples=["narrator"])
    code: str = Field(description="For programs.", examples=["refused"])
    jobs: int = Field(description="How many.", examples=[3])
    languages: list[str] = Field(examples=[["ja-JP"]])
    example: str = Field(
        description="What one of them was told.", examples=["the voice refused this text"]
    )


class BreakdownRead(BaseModel):
    """How the jobs of a batch stand."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "by_language": {"pt-BR": {"completed": 3, "narrating": 1}},
                    "failures": [],
                }
            ]
        }
    )

    by_language: dict[str, dict[JobState, int]]
    failures: list[FailuresRead] = Field(description="The most frequent first.")

    @classmethod
    def of(cls, standings: Sequence[Standing]) -> Self:
        """Return what `standings` add up to."""
        by_language: dict[str, Counter[JobState]] = {}
        failed: dict[tuple[str, str], list[Standing]] = {}
        for standing in standings:
            by_language.setdefault(standing.language, Counter())[standing.state] += standing.jobs
            if standing.state is JobState.FAILED:
                cause = (standing.error_stage or "", standing.error_code or "failed")
                failed.setdefault(cause, []).append(standing)
        failures = [_failures(cause, alike) for cause, alike in failed.items()]
        return cls(
            by_language={code: dict(counts) for code, counts in by_language.items()},
            failures=sorted(failures, key=lambda each: -each.jobs),
        )


@router.get("/{batch_id}/breakdown", summary="A batch by language and by cause")
async def read_batch_breakdown(batch: MyBatch, me: Me, jobs: TheJobs) -> BreakdownRead:
    """Return how many jobs stand where in each language, and failures grouped by cause."""
    return BreakdownRead.of(await jobs.breakdown(me.user_id, batch.batch_id))


def _failures(cause: tuple[str, str], alike: Sequence[Standing]) -> FailuresRead:
    stage, code = cause
    return FailuresRead(
        stage=stage,
        code=code,
        jobs=sum(standing.jobs for standing in alike),
        languages=sorted({standing.language for standing in alike}),
        example=next((each.example for each in alike if each.example), ""),
    )
