"""What HTTP can do besides answer: drop the connection."""

import socket
import struct
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bench.emulators.kinds import Kind

_STATE = "emulators.transport"
# Closing sends RST instead of FIN: the client reads "connection reset by peer".
_NO_GOODBYE = struct.pack("ii", 1, 0)


class KeepsTransport:
    """Lets a handler reach its connection. It has to be the outermost application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            # ASGI has no word for this; uvicorn's `send` is a method of what holds it.
            scope[_STATE] = getattr(getattr(send, "__self__", None), "transport", None)
        await self._app(scope, receive, send)


def leaving(request: Request) -> Callable[[], Awaitable[None]]:
    """Return what returns when the caller of `request`, whose body has been read, is gone."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return gone


def broken(request: Request, kind: Kind | None) -> Response | None:
    """Return what is left of an answer where the connection, or a proxy, breaks."""
    if kind is Kind.GARBAGE:
        return Response("<html>Bad gateway</html>", media_type="text/html")
    if kind in (Kind.RESET, Kind.HANG):
        _reset(request)
        # Nobody reads it.
        return Response(status_code=499)
    return None


def _reset(request: Request) -> None:
    transport: Any = request.scope.get(_STATE)
    if transport is None:
        return
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_GOODBYE)
    transport.abort()
