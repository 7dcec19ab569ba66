"""/batches/{id}/pause, /resume, /cancel, /retry-failed, and its end: orders about a batch."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, MyBatch, TheDeleting, TheJobs, TheOrders
from services.gateway.ordering import Orders
from services.gateway.routes.batch_status import StatusRead

router = APIRouter(prefix="/batches", tags=["batches"])

ENDED: dict[int | str, dict[str, Any]] = {
    409: {"description": "The batch has ended; there is nothing left to order."}
}
PRELOADS: dict[int | str, dict[str, Any]] = {
    409: {"description": "It is where all your preloads are, and stays."}
}
CANCELLED: dict[int | str, dict[str, Any]] = {409: {"description": "The batch was cancelled."}}


class ResumeDraft(BaseModel):
    """How a batch goes on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"budget_usd": 25}]})

    budget_usd: float | None = Field(
        default=None, gt=0, description="What it may cost from now on, all in all."
    )


class RetriedRead(BaseModel):
    """What is done again."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"retried": 3}]})

    retried: int = Field(description="How many jobs begin another run.")


@router.post("/{batch_id}/pause", status_code=202, responses=ENDED, summary="Pause a batch")
async def pause_batch(batch: MyBatch, publisher: TheOrders) -> StatusRead:
    """Begin no more calls for it, within two seconds; those under way finish and are kept."""
    await Orders(publisher).about_batch(batch, "pause")
    return StatusRead.of(batch)


@router.post("/{batch_id}/resume", status_code=202, responses=ENDED, summary="Resume a batch")
async def resume_batch(
    batch: MyBatch, publisher: TheOrders, draft: Annotated[ResumeDraft | None, Body()] = None
) -> StatusRead:
    """Go on with a paused batch, each job from its last finished stage.

    One that has used up its budget needs a higher one: `{"budget_usd": 25}`.
    """
    budget = draft.budget_usd if draft else None
    await Orders(publisher).about_batch(batch, "resume", budget_usd=budget)
    return StatusRead.of(batch)


@router.post("/{batch_id}/cancel", status_code=202, responses=ENDED, summary="Cancel a batch")
async def cancel_batch(batch: MyBatch, publisher: TheOrders) -> StatusRead:
    """Cancel its jobs that have not ended; work under way is cut off. It cannot be undone."""
    await Orders(publisher).about_batch(batch, "cancel")
    return StatusRead.of(batch)


@router.post(
    "/{batch_id}/retry-failed",
    status_code=202,
    responses=CANCELLED,
    summary="Retry the failed jobs of a batch",
)
async def retry_failed_jobs(
    batch: MyBatch, me: Me, jobs: TheJobs, publisher: TheOrders
) -> RetriedRead:
    """Do every job again that failed; what was paid for already is found and not paid again."""
    failed = await jobs.failed(me.user_id, batch.batch_id)
    return RetriedRead(retried=await Orders(publisher).retry_failed(batch, failed))


@router.delete("/{batch_id}", status_code=204, responses=PRELOADS, summary="Delete a batch")
async def delete_batch(batch: MyBatch, me: Me, deleting: TheDeleting) -> None:
    """Forget a batch, its jobs and what only they made. It cannot be undone.

    One that runs is cancelled first. From now on it is 404 everywhere, who watches it is told
    `deleted`, and its `Idempotency-Key` stands for nothing. What it cost stays in your figures.
    """
    await deleting.delete(me.user_id, batch.batch_id)
