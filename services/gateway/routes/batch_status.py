"""/batches/{id}/status: the little of a batch that changes; for clients that poll."""

from typing import Literal, Self
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import MyBatch
from services.gateway.routes.batches import BatchRead
from services.gateway.store.batches import Batch
from shared.vocabulary import TERMINAL_BATCH_STATES, BatchCounts, BatchState

router = APIRouter(prefix="/batches", tags=["batches"])


class StatusRead(BaseModel):
    """How far a batch is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "batch_id": "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11",
                    "state": "running",
                    "paused_because": None,
                    "ended": False,
                    "percent": 37.5,
                    "counts": {"total": 8, "queued": 2, "narrating": 3, "completed": 3},
                    "seq": 12,
                }
            ]
        }
    )

    batch_id: UUID
    state: BatchState
    paused_because: Literal["user", "budget"] | None = Field(
        description="What it waits for while it is paused: its user, or a higher budget."
    )
    ended: bool = Field(description="Whether every job has come to an end.")
    percent: float = Field(description="How many of its jobs have ended, of 100.")
    counts: BatchCounts
    seq: int = Field(description="Grows with every change.")

    @classmethod
    def of(cls, batch: Batch) -> Self:
        """Return how far `batch` is."""
        return cls(
            batch_id=batch.batch_id,
            state=batch.state,
            paused_because=BatchRead.of(batch).paused_because,
            ended=batch.state in TERMINAL_BATCH_STATES,
            percent=BatchRead.of(batch).percent,
            counts=batch.counts,
            seq=batch.seq,
        )


@router.get("/{batch_id}/status", summary="How far a batch is")
async def read_batch_status(batch: MyBatch, response: Response) -> StatusRead:
    """Return how far a batch is. To be told of every change instead, see its `events`."""
    status = StatusRead.of(batch)
    if not status.ended:
        response.headers["Retry-After"] = "1"
    return status
