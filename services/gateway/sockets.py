"""One WebSocket: who it is, what it is sent, and why it is closed."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect

from services.gateway.admission import Admission
from services.gateway.errors import NotFoundError, TooManyRequestsError, UnauthenticatedError
from services.gateway.identity import Identity
from services.gateway.live import Closed
from services.gateway.principals import Principal
from services.gateway.store.tickets import TicketStore
from services.gateway.telling import text_of
from shared.errors import UnavailableError
from shared.telemetry import live

ENDED, GOING_DOWN, TRY_AGAIN = 1000, 1012, 1013
UNAUTHENTICATED, UNKNOWN = 4401, 4404

NOTHING = UUID(int=0)


async def admit(socket: WebSocket, admission: Admission, tickets: TicketStore) -> Principal | None:
    """Accept the connection and return who it is; close it with 4401 where it is nobody.

    A browser never sees the code of a connection that was not accepted. A ticket is worthless
    before the connection is accepted, which servers log with its URL.
    """
    code, reason = UNAUTHENTICATED, "send an Authorization header or a fresh ?token="
    principal = None
    try:
        principal = await watcher(socket, admission, tickets)
    except TooManyRequestsError as error:
        code, reason = TRY_AGAIN, error.detail
    except UnavailableError:
        code, reason = TRY_AGAIN, "tickets cannot be checked now"
    await socket.accept()
    if principal is None:
        await socket.close(code, reason)
    return principal


async def send_all(socket: WebSocket, messages: AsyncIterator[dict[str, Any]]) -> None:
    """Send every message, then close; stop at once where the client has gone."""
    sending = asyncio.create_task(_send(socket, messages))
    gone = asyncio.create_task(_wait_until_gone(socket))
    try:
        await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, gone):
            task.cancel()
        await asyncio.gather(sending, gone, return_exceptions=True)
    if not sending.cancelled() and (error := sending.exception()):
        raise error


def identify(text: str) -> UUID:
    """Return the id in a path; one that nothing has, where it is none."""
    with contextlib.suppress(ValueError):
        return UUID(text)
    return NOTHING


async def watcher(
    socket: HTTPConnection, admission: Admission, tickets: TicketStore
) -> Principal | None:
    """Return who wants to watch, by a header or a ticket; None where it is nobody.

    Raises:
        TooManyRequestsError: this user, or nobody from this address, came too often.
    """
    me = await _known(socket, admission.identity, tickets)
    address = socket.client.host if socket.client else ""
    name, who = ("read", str(me.user_id)) if me else ("refused", address)
    await admission.limits.take(name, who)
    return me


async def _known(
    socket: HTTPConnection, identity: Identity, tickets: TicketStore
) -> Principal | None:
    scheme, _, token = socket.headers.get("authorization", "").partition(" ")
    token = token if scheme.lower() == "bearer" else socket.headers.get("x-api-key", "")
    if token:
        with contextlib.suppress(UnauthenticatedError):
            me = await identity.of(token)
            return me if "read" in me.scopes else None
    ticket = socket.query_params.get("token")
    return await tickets.redeem(ticket) if ticket else None


async def _send(socket: WebSocket, messages: AsyncIterator[dict[str, Any]]) -> None:
    code, reason = ENDED, "the batch has ended"
    try:
        async for message in messages:
            await socket.send_text(text_of(message))
    except NotFoundError as error:
        code, reason = UNKNOWN, error.detail
    except Closed:
        code, reason = GOING_DOWN, "the server restarts; come back with ?after_seq="
    except UnavailableError:
        code, reason = TRY_AGAIN, "the batch cannot be read now; come back with ?after_seq="
    except WebSocketDisconnect:
        return
    live.closed(code)
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await socket.close(code, reason)


async def _wait_until_gone(socket: WebSocket) -> None:
    # Nothing is expected of the client; reading is how one learns that it has left.
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return
