"""Objects of the store, on their way to a client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.gateway import ranges
from services.gateway.archive.names import disposition
from services.gateway.errors import NotReadyError
from shared.errors import InvalidRequestError
from shared.providers.storage import Storage
from shared.vocabulary import ArtefactRef


@dataclass(frozen=True, slots=True)
class Objects:
    """Reads the object store without holding more than a chunk."""

    storage: Storage

    async def open(
        self, ref: ArtefactRef, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """Return the bytes [start, end), of which the first chunk has been read.

        So that what is wrong is known before an answer has begun.

        Raises:
            InvalidRequestError: nothing lies there.
            UnavailableError: the store is away.
        """
        chunks = self.storage.stream(ref.key, start=start, end=end)
        first = await anext(chunks, b"")
        return _chain(first, chunks)

    async def respond(self, request: Request, ref: ArtefactRef | None, name: str) -> Response:
        """Return an object as the answer to `request`: whole, in part, or unchanged.

        Raises:
            NotReadyError: there is none yet, or no longer.
            RangeNotSatisfiableError: it ends before the range begins.
        """
        if ref is None:
            raise NotReadyError(f"{name!r} is not made yet; the job's state says how far it is")
        etag = f'"{ref.sha256}"'
        headers = {
            "ETag": etag,
            "Accept-Ranges": "bytes",
            # What an artefact holds never changes; whose it is may be asked again.
            "Cache-Control": "private, no-cache",
            "Content-Disposition": disposition(name, kind="inline"),
            "X-Content-Type-Options": "nosniff",
        }
        if _unchanged(request, etag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        same = request.headers.get("if-range", etag) == etag
        span = ranges.parse(request.headers.get("range") if same else None, ref.bytes)
        start, end = (span.start, span.end) if span else (0, ref.bytes)
        status = HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK
        headers["Content-Length"] = str(end - start)
        if span:
            headers["Content-Range"] = span.content_range
        try:
            body = await self.open(ref, start=start, end=end)
        except InvalidRequestError as error:
            raise NotReadyError(f"{name!r} was made and is no longer kept") from error
        return StreamingResponse(body, status, headers, media_type=ref.media_type)


async def once(data: bytes) -> AsyncIterator[bytes]:
    """Yield `data`: a text where a stream is wanted."""
    yield data


async def _chain(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk


def _unchanged(request: Request, etag: str) -> bool:
    known = request.headers.get("if-none-match", "")
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in known.split(","))
