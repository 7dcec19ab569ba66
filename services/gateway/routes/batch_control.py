"""/batches/{id}/pause, /resume, /cancel: orders about a batch."""

from typing import Any, Literal

from fastapi import APIRouter

from services.gateway.deps import MyBatch, TheOrders
from services.gateway.errors import ConflictError
from services.gateway.routes.batch_status import StatusRead
from services.gateway.store.batches import Batch
from shared.events import BatchesControl
from shared.vocabulary import TERMINAL_BATCH_STATES

router = APIRouter(prefix="/batches", tags=["batches"])

Action = Literal["pause", "resume", "cancel"]
ENDED: dict[int | str, dict[str, Any]] = {
    409: {"description": "The batch has ended; there is nothing left to order."}
}


@router.post("/{batch_id}/pause", status_code=202, responses=ENDED, summary="Pause a batch")
async def pause_batch(batch: MyBatch, orders: TheOrders) -> StatusRead:
    """Start no more of its jobs. Those under way go on to their end."""
    return await _order(batch, orders, "pause")


@router.post("/{batch_id}/resume", status_code=202, responses=ENDED, summary="Resume a batch")
async def resume_batch(batch: MyBatch, orders: TheOrders) -> StatusRead:
    """Go on with a paused batch."""
    return await _order(batch, orders, "resume")


@router.post("/{batch_id}/cancel", status_code=202, responses=ENDED, summary="Cancel a batch")
async def cancel_batch(batch: MyBatch, orders: TheOrders) -> StatusRead:
    """Cancel its jobs that have not started. Those under way go on to their end."""
    return await _order(batch, orders, "cancel")


async def _order(batch: Batch, orders: TheOrders, action: Action) -> StatusRead:
    if batch.state in TERMINAL_BATCH_STATES:
        raise ConflictError(f"batch {batch.batch_id} is {batch.state.value}; it cannot {action}")
    await orders.publish(BatchesControl(batch_id=batch.batch_id, action=action))
    return StatusRead.of(batch)
