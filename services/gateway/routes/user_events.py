"""/events: all batches of a user, live."""

from fastapi import APIRouter, WebSocket

from services.gateway import sockets, watching
from services.gateway.deps import Everything
from services.gateway.routes.batches import BatchRead
from services.gateway.store.batches import Batch, BatchFilter
from shared.telemetry import live
from shared.vocabulary import TERMINAL_BATCH_STATES

router = APIRouter(tags=["live"])

# The newest ones; of older ones that still run, the first change says how they stand.
MOST_SHOWN = 200


@router.websocket("/events")
async def watch_all(socket: WebSocket, everything: Everything) -> None:
    """Send the batches that have not ended, then every change of any batch, for ever."""
    me = await sockets.admit(socket, everything.admission, everything.tickets)
    if me is None:
        return

    async def open_batches() -> list[Batch]:
        newest = await everything.batches.page(me.user_id, BatchFilter(limit=MOST_SHOWN))
        return [batch for batch in newest if batch.state not in TERMINAL_BATCH_STATES]

    with live.watching(resumed=False), everything.hub.subscribe_to_all(me.user_id) as inbox:
        messages = watching.all_batches(
            inbox, open_batches, lambda batch: BatchRead.of(batch).model_dump(mode="json")
        )
        await sockets.send_all(socket, messages)
