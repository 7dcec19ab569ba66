"""/batches/{id}/events: a batch, live."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, WebSocket

from services.gateway import sockets
from services.gateway.deps import Everything
from services.gateway.routes.batches import BatchRead
from services.gateway.store.batches import Batch
from services.gateway.watching import Watch
from shared.telemetry import live

router = APIRouter(prefix="/batches", tags=["live"])

AfterSeq = Annotated[int | None, Query(ge=0, description="The last `seq` that was seen.")]


@router.websocket("/{batch_id}/events")
async def watch_batch(
    socket: WebSocket, batch_id: str, everything: Everything, after_seq: AfterSeq = None
) -> None:
    """Send a snapshot, then every change, until the batch ends."""
    me = await sockets.admit(socket, everything.admission.identity, everything.tickets)
    if me is None:
        return
    wanted = sockets.identify(batch_id)
    watching = live.watching(resumed=after_seq is not None)
    with watching, everything.hub.subscribe(wanted) as feed:
        watch = Watch(
            feed=feed, read=lambda: everything.batches.get(me.user_id, wanted), shape=_shape
        )
        await sockets.send_all(socket, watch.messages(after_seq))


def _shape(batch: Batch) -> dict[str, Any]:
    return BatchRead.of(batch).model_dump(mode="json")
