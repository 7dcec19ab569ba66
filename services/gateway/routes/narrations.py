"""/narrations: texts that are finished already, spoken as they stand."""

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, MyBatch, TheDesk, TheWaiting
from services.gateway.narrating import NarrationDraft, Told, Wish
from services.gateway.routes.batches import IdempotencyKey
from services.gateway.routes.jobs import JobRead
from services.gateway.store.jobs import Job
from shared.vocabulary import BatchState, JobState

router = APIRouter(prefix="/narrations", tags=["narrations"])

LONGEST_WAIT = 300.0

_ID = "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "Everything has ended; each result says how."},
    202: {"description": "Accepted; not everything has ended. See `Location`."},
}
Wait = Annotated[
    float, Query(ge=0, le=LONGEST_WAIT, description="Seconds to wait for the end, at most.")
]


def _wish(wait: Wait = 0, idempotency_key: IdempotencyKey = None) -> Wish:
    return Wish(wait, idempotency_key)


class NarrationResult(JobRead):
    """What became of one text."""

    cached: bool = Field(description="Whether it was there already, and cost nothing.")

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return how the API shows `job`."""
        read = JobRead.of(job)
        return cls(**dict(read), cached=is_cached(job))


class NarrationRead(BaseModel):
    """Some narrations, and how far they are."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"narration_id": _ID, "state": "queued", "total": 2, "ended": False, "results": []}
            ]
        }
    )

    narration_id: UUID = Field(description="Also the id of a batch: /v1/batches takes it.")
    state: BatchState
    total: int = Field(description="How many texts.")
    ended: bool = Field(description="Whether every text has come to its end.")
    results: list[NarrationResult] = Field(
        description="By text, in the order they were sent; empty for a moment after the request."
    )

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return how the API shows narrations."""
        return cls(
            narration_id=told.batch.batch_id,
            state=told.batch.state,
            total=told.batch.counts.total,
            ended=told.ended,
            results=[NarrationResult.of(job) for job in told.jobs],
        )


@router.post("", status_code=202, summary="Narrate texts", responses=_ANSWERS)
async def create_narration(
    body: NarrationDraft,
    me: Me,
    desk: TheDesk,
    wish: Annotated[Wish, Depends(_wish)],
    response: Response,
) -> NarrationRead:
    """Have one text, or up to 500, spoken as they stand. With `?wait=` the answer waits, too.

    What is not in the language it is said to be in is refused before anything is spoken.
    """
    told = await desk.ask(me.user_id, body, wish)
    _point(response, told)
    return NarrationRead.of(told)


@router.get("/{batch_id}", summary="Read narrations", responses=_ANSWERS)
async def read_narration(
    batch: MyBatch, me: Me, waiting: TheWaiting, response: Response, wait: Wait = 0
) -> NarrationRead:
    """Return how far some narrations are, and what became of each text."""
    told = await waiting.of(me.user_id, batch, seconds=wait)
    _point(response, told)
    return NarrationRead.of(told)


def is_cached(job: Job) -> bool:
    """Return whether a job was done without asking any provider."""
    return job.state is JobState.COMPLETED and job.provider_calls == 0


def _point(response: Response, told: Told) -> None:
    response.status_code = 200 if told.ended else 202
    if not told.ended:
        response.headers["Location"] = f"/v1/narrations/{told.batch.batch_id}"
        response.headers["Retry-After"] = "1"
