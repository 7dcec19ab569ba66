"""The page at / where the web UI is not built: what this is and where everything is."""

import html
from collections.abc import Awaitable, Callable
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

PAGE = Path(__file__).with_name("home.html")

GUIDE = """\
Give titles, languages and voices; get scripts, narrated audio and subtitles.

1. `POST /v1/auth/register`, then `POST /v1/auth/token`; send the token as `Authorization: Bearer`.
2. `POST /v1/batches` answers `202` with a batch.
3. Follow it at `WS /v1/batches/{id}/events`, or read `GET /v1/batches/{id}`.
4. Take what is done from `/results` and `/download`, at any time.

**Errors** are RFC 9457 problems (`application/problem+json`) with a stable `code`, and with
every invalid field in `errors`.
**Lists** have a `next_cursor`, and a `Link` header with `rel="next"`.
**Repeating** `POST /v1/batches` with the same `Idempotency-Key` gives the same batch.

**Live events** (a WebSocket, which OpenAPI cannot describe): first
`{"type": "snapshot", "seq", "batch"}`, then `{"type": "progress", "seq", ...}` for every change,
each one `seq` higher; where the reader was slow, a new snapshot instead of what it missed.
`{"type": "ping"}` after 20 s of silence. `?after_seq=` goes on after a lost connection.
Authenticate with the `Authorization` header, or with `?token=` and a ticket of `POST /v1/tickets`.
Closed with 1000 when the batch has ended, 4401 (who are you?), 4404 (no such batch of yours),
1012 (restarting) or 1013 (try again).
"""


def page(version: str) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint."""

    async def home(request: Request) -> Response:
        template = Template(PAGE.read_text("utf-8"))
        text = template.substitute(
            version=html.escape(version),
            origin=html.escape(str(request.base_url).rstrip("/")),
            rows=_rows(request.app.openapi()["paths"]),
        )
        return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY})

    return home


_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def _rows(paths: dict[str, dict[str, dict[str, str]]]) -> str:
    return "\n".join(
        f"      <tr><td><code>{method.upper()} {html.escape(path)}</code></td>"
        f"<td>{html.escape(operation['summary'])}</td></tr>"
        for path, operations in paths.items()
        for method, operation in operations.items()
    )
