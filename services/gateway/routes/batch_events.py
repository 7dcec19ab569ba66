"""/batches/{id}/events: a batch, live."""

import contextlib
from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response, WebSocket
from fastapi.responses import StreamingResponse

from services.gateway import sockets
from services.gateway.deps import BatchId, Everything, Resources
from services.gateway.errors import NotFoundError, UnauthenticatedError
from services.gateway.live import Closed
from services.gateway.routes.batches import BatchRead
from services.gateway.store.batches import Batch
from services.gateway.telling import text_of
from services.gateway.watching import Watch
from shared.errors import UnavailableError
from shared.telemetry import live
from shared.vocabulary import TERMINAL_BATCH_STATES

router = APIRouter(prefix="/batches", tags=["live"])

LastEventId = Annotated[
    str | None,
    Header(max_length=20, description="What an EventSource sends when it comes back."),
]
AfterSeq = Annotated[int | None, Query(ge=0, description="The last `seq` that was seen.")]


@router.websocket("/{batch_id}/events")
async def watch_batch(
    socket: WebSocket, batch_id: str, everything: Everything, after_seq: AfterSeq = None
) -> None:
    """Send a snapshot, then every change, until the batch ends."""
    me = await sockets.admit(socket, everything.admission, everything.tickets)
    if me is None:
        return
    wanted = sockets.identify(batch_id)
    watching = live.watching(resumed=after_seq is not None)
    with watching, everything.hub.subscribe(wanted) as feed:
        watch = Watch(
            feed=feed, read=lambda: everything.batches.get(me.user_id, wanted), shape=_shape
        )
        await sockets.send_all(socket, watch.messages(after_seq))


@router.get(
    "/{batch_id}/events",
    response_class=StreamingResponse,
    summary="Follow a batch by server-sent events",
    responses={
        200: {
            "description": "`snapshot`, then `progress` events with `seq` as their id; comments "
            "keep the connection open.",
            "content": {"text/event-stream": {}},
        },
        204: {"description": "The batch has ended, and Last-Event-ID is its last word."},
        401: {"description": "Neither a header nor a fresh `?token=` says who you are."},
    },
)
async def stream_batch(
    batch_id: BatchId,
    everything: Everything,
    request: Request,
    after_seq: AfterSeq = None,
    last_event_id: LastEventId = None,
) -> Response:
    """Send a snapshot, then every change, until the batch ends: for `EventSource` and `curl -N`.

    A browser's EventSource cannot send the Authorization header: give it `?token=` with a
    ticket of POST /v1/tickets. It comes back by itself, with the last id it saw.
    """
    me = await sockets.watcher(request, everything.admission, everything.tickets)
    if me is None:
        raise UnauthenticatedError("send an Authorization header or a fresh ?token=")
    batch = await everything.batches.get(me.user_id, batch_id)
    if batch is None:
        raise NotFoundError(f"you have no batch {batch_id}")
    seen = _seq(last_event_id, after_seq)
    if seen is not None and seen >= batch.seq and batch.state in TERMINAL_BATCH_STATES:
        # What makes an EventSource stop coming back.
        return Response(status_code=HTTPStatus.NO_CONTENT)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    body = _events(everything, me.user_id, batch_id, seen)
    return StreamingResponse(body, headers=headers, media_type="text/event-stream")


async def _events(
    everything: Resources, user_id: UUID, batch_id: UUID, seen: int | None
) -> AsyncIterator[bytes]:
    with everything.hub.subscribe(batch_id) as feed:
        watch = Watch(
            feed=feed, read=lambda: everything.batches.get(user_id, batch_id), shape=_shape
        )
        # Whoever is cut off comes back with the last id: there is nothing better to say.
        with contextlib.suppress(Closed, UnavailableError, NotFoundError):
            async for message in watch.messages(seen):
                yield _frame(message)


def _frame(message: dict[str, Any]) -> bytes:
    if message["type"] == "ping":
        return b": ping\n\n"
    return f"id: {message['seq']}\nevent: {message['type']}\ndata: {text_of(message)}\n\n".encode()


def _seq(last_event_id: str | None, after_seq: int | None) -> int | None:
    # An id that is none of ours begins anew, as one that is not there.
    if last_event_id is not None and last_event_id.isascii() and last_event_id.isdigit():
        return int(last_event_id)
    return after_seq


def _shape(batch: Batch) -> dict[str, Any]:
    return BatchRead.of(batch).model_dump(mode="json")
