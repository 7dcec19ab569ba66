"""Who asks, as a route may ask for it; and that they do not ask too often."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyHeader, OAuth2PasswordBearer

from services.gateway.errors import ForbiddenError, UnauthenticatedError
from services.gateway.headers import RATE_LIMIT
from services.gateway.principals import ADMIN, Principal, Visitor
from services.gateway.resources import Everything, Resources

READING = frozenset({"GET", "HEAD", "OPTIONS"})
# Each of these begins work that costs money.
SUBMITTING = frozenset(
    {
        *("/v1/batches", "/v1/narrations", "/v1/audio/speech"),
        *("/gerar-roteiro", "/batches/create", "/batches/generate"),
        *("/api/tts/generate-narration", "/api/tts/quick-batch", "/api/tts/advanced/batch"),
        "/api/tts/advanced/cache/preload",
    }
)

_bearer = OAuth2PasswordBearer(
    tokenUrl="/v1/auth/token",
    auto_error=False,
    description="An access token of POST /v1/auth/token, or an API key: `Authorization: Bearer …`.",
)
_api_key = APIKeyHeader(
    name="X-API-Key",
    auto_error=False,
    description="An API key of POST /v1/me/api-keys. `Authorization: Bearer …` takes it, too.",
)


def _visitor(request: Request) -> Visitor:
    address = request.client.host if request.client else ""
    return Visitor(address, request.headers.get("user-agent", ""))


TheVisitor = Annotated[Visitor, Depends(_visitor)]


async def _principal(
    request: Request,
    everything: Everything,
    visitor: TheVisitor,
    bearer: Annotated[str | None, Depends(_bearer)],
    api_key: Annotated[str | None, Depends(_api_key)],
) -> Principal:
    credential = bearer or api_key
    if not credential:
        raise UnauthenticatedError(
            "send an access token as 'Authorization: Bearer <token>'; POST /v1/auth/token gives "
            "one; or send an API key as X-API-Key"
        )
    try:
        me = await everything.admission.identity.of(credential)
    except UnauthenticatedError:
        await _count(request, everything, "refused", visitor.address)
        raise
    await _count(request, everything, _class(request), str(me.user_id))
    scope = "read" if request.method in READING else "write"
    if scope not in me.scopes:
        raise ForbiddenError(f"this API key has no scope {scope!r}; make one that has")
    return me


async def _as_admin(me: Annotated[Principal, Depends(_principal)]) -> Principal:
    if me.role != ADMIN:
        raise ForbiddenError("only an admin may do this, and only with a credential for it")
    return me


async def _signed_in(me: Annotated[Principal, Depends(_principal)]) -> Principal:
    if me.session_id is None:
        raise ForbiddenError("sign in with your password for this; an API key is not enough")
    return me


async def _may_try(request: Request, everything: Everything, visitor: TheVisitor) -> None:
    await _count(request, everything, "sign", visitor.address)


async def _in_public(request: Request, everything: Everything, visitor: TheVisitor) -> None:
    await _count(request, everything, "read", f"address {visitor.address}")


async def _count(request: Request, everything: Resources, name: str, who: str) -> None:
    if standing := await everything.admission.limits.take(name, who):
        setattr(request.state, RATE_LIMIT, standing.headers())


def _class(request: Request) -> str:
    if request.method in READING:
        return "read"
    return "submit" if request.url.path in SUBMITTING else "write"


Me = Annotated[Principal, Depends(_principal)]
Admin = Annotated[Principal, Depends(_as_admin)]
SignedIn = Annotated[Principal, Depends(_signed_in)]
# For routes that let people in.
Sparingly = Depends(_may_try)
# For routes that anybody may ask.
InPublic = Depends(_in_public)
