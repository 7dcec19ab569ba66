"""The web UI's files, as `make web` built them; without a build, the plain page at /.

The addresses of its screens are the browser's business: each of them is answered with the same
document, whose script then shows the screen.
"""

import mimetypes
import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

BUILT = Path(__file__).parent / "web" / "dist"

# Where the script may be started; a test compares them with its own list.
SCREENS = (
    "/sign-in",
    "/new",
    "/batches/{batch_id:uuid}",
    "/agents",
    "/agents/{agent_id}",
    "/voices",
    "/keys",
    "/analytics",
    "/webhooks",
    "/settings",
    "/dead-letters",
)

# Beside the document, under names that stay.
FILES = ("icon.svg", "theme.js")
NAME = re.compile(r"[\w-]+(\.[\w-]+)+")

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_DOCUMENT = {
    "Content-Security-Policy": _POLICY,
    # It names the scripts of this version: an old one would ask for files that are gone.
    "Cache-Control": "no-cache",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
# Their names change with their contents.
_FOR_EVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "X-Content-Type-Options": "nosniff",
}
_FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}

Page = Callable[[Request], Awaitable[Response]]


def routes(fallback: Page, built: Path = BUILT) -> list[Route]:
    """Return what serves the build in `built`; where there is none, `fallback` at /.

    It is looked for at every request: a new build needs no new process.
    """
    document, assets = _document(built, fallback), _assets(built / "assets")
    return [
        *(Route(path, document, include_in_schema=False) for path in ("/", *SCREENS)),
        Route("/assets/{name}", assets, include_in_schema=False),
        *(Route(f"/{name}", _file(built / name), include_in_schema=False) for name in FILES),
    ]


def missing(request: Request, built: Path = BUILT) -> Response | None:
    """Return the document for an address of no screen, where somebody looks at it in a browser."""
    file = built / "index.html"
    looking = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    if not looking or request.url.path.startswith(("/v1/", "/assets/")) or not _there(file):
        return None
    return FileResponse(
        file, status_code=HTTPStatus.NOT_FOUND, media_type="text/html", headers=_DOCUMENT
    )


def _document(built: Path, fallback: Page) -> Page:
    async def document(request: Request) -> Response:
        file = built / "index.html"
        if _there(file):
            return FileResponse(file, media_type="text/html", headers=_DOCUMENT)
        return await fallback(request)

    return document


def _assets(folder: Path) -> Page:
    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        # A name and no path: nothing but what lies in this folder.
        if not NAME.fullmatch(name) or not _there(folder / name):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return _sent(request, folder / name)

    return asset


def _sent(request: Request, file: Path) -> Response:
    headers = dict(_FOR_EVER)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    packed = file.with_name(f"{file.name}.gz")
    if not _there(packed):
        return FileResponse(file, media_type=kind, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(file, media_type=kind, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return FileResponse(packed, media_type=kind, headers=headers)


def _file(file: Path) -> Page:
    async def found(_: Request) -> Response:
        if not _there(file):
            return Response(status_code=HTTPStatus.NOT_FOUND)
        return FileResponse(file, headers=_FOR_AN_HOUR)

    return found


def _there(file: Path) -> bool:
    return file.is_file()
