"""Adds to every answer what protects who reads it, and how many more they may ask for."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The web UI comes from here, whole; audio is played from a blob, as it needs a header to read.
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
# Swagger UI, which FastAPI serves, is loaded from there.
DOCS_POLICY = (
    "default-src 'self'; script-src 'unsafe-inline' https://cdn.jsdelivr.net; "
    "style-src 'unsafe-inline' https://cdn.jsdelivr.net; img-src 'self' data: "
    "https://fastapi.tiangolo.com; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
TRANSPORT = "max-age=31536000; includeSubDomains"
# What names the state of the request between who counted it and who answers it.
RATE_LIMIT = "rate_limit_headers"
SECRET = ("/v1/auth/", "/v1/me/api-keys", "/v1/tickets", "/token", "/register")
# Everything that is somebody's own, by its newer names and its first ones.
OWN = (
    *("/v1/", "/api/tts/", "/me/", "/status/", "/jobs/", "/batches/", "/tts/"),
    *("/token", "/register", "/gerar-roteiro"),
)


class ResponseHeaders:
    """ASGI middleware. A header that a route set itself stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and add to the head of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _headers(scope, headers).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


def _headers(scope: Scope, answer: MutableHeaders) -> dict[str, str]:
    path = str(scope["path"])
    added = ALWAYS | {"Content-Security-Policy": _policy(path, answer.get("content-type", ""))}
    if scope.get("scheme") == "https":
        added["Strict-Transport-Security"] = TRANSPORT
    if path.startswith(OWN):
        secret = path.startswith(SECRET)
        added["Cache-Control"] = "no-store" if secret else "private, no-cache"
    counted: dict[str, str] = scope["state"].get(RATE_LIMIT, {})
    return added | counted


def _policy(path: str, content_type: str) -> str:
    if not content_type.startswith("text/html"):
        return DATA_POLICY
    return DOCS_POLICY if path == "/docs" else PAGE_POLICY
