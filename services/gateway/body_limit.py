"""Refuses a request body that is too large, before it is read into memory.

Starlette's own limit answers in plain text where the client declares the length, so this
one exists: every error of this API is a problem.
"""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import errors, rendering


class BodyLimit:
    """ASGI middleware: at most `limit` bytes of body."""

    def __init__(self, app: ASGIApp, *, limit: int) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 413, or pass the request on with its body counted."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared) > self.limit:
            error = errors.TooLargeError(f"{self._most()}; this one has {declared}")
            await rendering.render(scope["path"], error)(scope, receive, send)
            return
        await self.app(scope, self._counted(receive), send)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                # The one kind of exception FastAPI lets through while it reads a body.
                raise HTTPException(413, self._most())
            return message

        return counted

    def _most(self) -> str:
        return f"a body may have {self.limit} bytes; split the batch, or shorten its texts"
