"""The web UI's files, as `make web` built them; without a build, the plain page at /.

The addresses of its screens are the browser's business: each of them is answered with the same
document, whose script then shows the screen.
"""

import mimetypes
from collections.abc import Awaitable, Callable
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
    "/settings",
    "/dead-letters",
)

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
    """Return what serves the build in `built`; where there is none, `fallback` at /."""
    if not (built / "index.html").is_file():
        return [Route("/", fallback, include_in_schema=False)]
    served = [Route(path, _document(built), include_in_schema=False) for path in ("/", *SCREENS)]
    served.append(Route("/assets/{name}", _assets(built / "assets"), include_in_schema=False))
    served += [
        Route(f"/{file.name}", _file(file), include_in_schema=False)
        for file in sorted(built.iterdir())
        if file.is_file() and file.suffix in {".js", ".svg", ".webmanifest"}
    ]
    return served


def _document(built: Path) -> Page:
    async def document(_: Request) -> Response:
        return FileResponse(built / "index.html", media_type="text/html", headers=_DOCUMENT)

    return document


def _assets(folder: Path) -> Page:
    # Listed once: a name from outside is looked up, never joined to a path.
    names = {file.name for file in folder.iterdir()}

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in names:
            return Response(status_code=404)
        return _sent(request, folder, name, compressed=f"{name}.gz" in names)

    return asset


def _sent(request: Request, folder: Path, name: str, *, compressed: bool) -> Response:
    headers = dict(_FOR_EVER)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    if not compressed:
        return FileResponse(folder / name, media_type=kind, headers=headers)
    headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(folder / name, media_type=kind, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return FileResponse(folder / f"{name}.gz", media_type=kind, headers=headers)


def _file(file: Path) -> Page:
    async def found(_: Request) -> Response:
        return FileResponse(file, headers=_FOR_AN_HOUR)

    return found
