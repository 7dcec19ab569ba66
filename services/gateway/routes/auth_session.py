"""/auth/session: the same for web pages, whose refresh token no script may read."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import TheSignIn, TheVisitor
from services.gateway.errors import ForbiddenError, UnauthenticatedError
from services.gateway.routes.auth import ENDED, REFUSED, Email, Password
from services.gateway.sign_in import Grant
from services.gateway.who import Sparingly

router = APIRouter(prefix="/auth/session", tags=["auth"])

COOKIE = "bolt_session"
PATH = "/v1/auth/session"
ELSEWHERE: dict[int | str, dict[str, Any]] = {403: {"description": "Another site sent this."}}


def _cookie(request: Request) -> str | None:
    # Not a parameter: a cookie of any shape at all may come, and means nobody.
    return request.cookies.get(COOKIE)


SessionCookie = Annotated[str | None, Depends(_cookie)]


class SessionCreate(BaseModel):
    """Who signs in."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: Password


class SessionTokenRead(BaseModel):
    """An access token. What gets the next one is in the cookie."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiIsImtpZCI6IjRhZiJ9.eyJzdWIi.c2ln"])
    token_type: str = Field(default="bearer", examples=["bearer"])
    expires_in: int = Field(description="Seconds.", examples=[900])


@router.post(
    "", summary="Sign in from a web page", responses=REFUSED | ELSEWHERE, dependencies=[Sparingly]
)
async def create_session(
    body: SessionCreate,
    sign_in: TheSignIn,
    visitor: TheVisitor,
    request: Request,
    response: Response,
) -> SessionTokenRead:
    """Return an access token, and set an HttpOnly, SameSite=Strict cookie that gets the next."""
    _same_site(request)
    grant = await sign_in.with_password(body.email, body.password, visitor)
    return _given(grant, request, response)


@router.post(
    "/refresh",
    summary="Stay signed in on a web page",
    responses=ENDED | ELSEWHERE,
    dependencies=[Sparingly],
)
async def refresh_session(
    sign_in: TheSignIn,
    visitor: TheVisitor,
    request: Request,
    response: Response,
    cookie: SessionCookie,
) -> SessionTokenRead:
    """Return a new access token for the cookie `bolt_session`, and set the next cookie.

    A page that is open twice asks one after the other: a cookie that comes twice ends the
    session.
    """
    _same_site(request)
    if cookie is None:
        raise UnauthenticatedError("there is no session cookie; sign in")
    return _given(await sign_in.refresh(cookie, visitor), request, response)


@router.delete(
    "",
    status_code=204,
    summary="Sign out of a web page",
    responses=ELSEWHERE | {429: REFUSED[429]},
    dependencies=[Sparingly],
)
async def delete_session(
    sign_in: TheSignIn, request: Request, response: Response, cookie: SessionCookie
) -> None:
    """End the session of the cookie, and take the cookie away. Repeating it changes nothing."""
    _same_site(request)
    if cookie is not None:
        await sign_in.out_with(cookie)
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="strict")


def _given(grant: Grant, request: Request, response: Response) -> SessionTokenRead:
    response.set_cookie(
        COOKIE,
        grant.refresh_token,
        max_age=grant.refresh_expires_in,
        path=PATH,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )
    return SessionTokenRead(access_token=grant.access_token, expires_in=grant.expires_in)


def _same_site(request: Request) -> None:
    # Browsers say so themselves; the cookie's SameSite says it once more.
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        raise ForbiddenError("a session begins and ends on the site it belongs to")
