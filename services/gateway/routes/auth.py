"""/auth: make an account, sign in, stay signed in, sign out."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.gateway.deps import SignedIn, ThePasswords, TheSignIn, TheUsers, TheVisitor
from services.gateway.errors import ConflictError
from services.gateway.routes.me import UserRead
from services.gateway.sign_in import Grant
from services.gateway.store.users import User
from services.gateway.texts import Text, UnicodeText
from services.gateway.who import Sparingly

router = APIRouter(prefix="/auth", tags=["auth"])

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No account has this address and password."},
    429: {"description": "Tried too often; come back after Retry-After seconds."},
}
ENDED: dict[int | str, dict[str, Any]] = REFUSED | {
    401: {"description": "The refresh token is not good any more; sign in again."}
}


def _address(email: str) -> str:
    # Whether it exists only a letter could tell; this catches slips of the hand.
    name, at, domain = email.strip().rpartition("@")
    if not (name and at and "." in domain.strip(".")) or any(c.isspace() for c in name + domain):
        raise ValueError("an email address looks like name@example.com")
    return email.strip()


Email = Annotated[
    Text,
    Field(
        max_length=254,
        examples=["ana@example.com"],
        json_schema_extra={"format": "email", "pattern": r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$"},
    ),
    AfterValidator(_address),
]
# Argon2 takes any length; nobody types more than this.
Password = Annotated[
    UnicodeText,
    Field(min_length=8, max_length=1024, examples=["correct horse battery staple"]),
]


class RegistrationCreate(BaseModel):
    """What an account needs."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    password: Password


class TokenRead(BaseModel):
    """An access token (RFC 6749, section 5.1), and what gets the next one."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiIsImtpZCI6IjRhZiJ9.eyJzdWIi.c2ln"])
    token_type: str = Field(default="bearer", examples=["bearer"])
    expires_in: int = Field(description="Seconds.", examples=[900])
    refresh_token: str = Field(
        description="Good once, for the next pair.",
        examples=["bolt_refresh_3Qm9c0sXb7T1vV5nX2wJ8kLrYzP4dFgH6aSeUiOoQtA"],
    )
    refresh_expires_in: int = Field(
        description="Seconds until one has to sign in again.", examples=[2592000]
    )

    @classmethod
    def of(cls, grant: Grant) -> Self:
        """Return how the API shows `grant`."""
        return cls(
            access_token=grant.access_token,
            expires_in=grant.expires_in,
            refresh_token=grant.refresh_token,
            refresh_expires_in=grant.refresh_expires_in,
        )


class Refresh(BaseModel):
    """What gets the next pair."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Text = Field(
        min_length=1,
        max_length=200,
        examples=["bolt_refresh_3Qm9c0sXb7T1vV5nX2wJ8kLrYzP4dFgH6aSeUiOoQtA"],
    )


@router.post(
    "/register",
    status_code=201,
    response_model=UserRead,
    summary="Make an account",
    responses={
        409: {"description": "The address has an account already."},
        429: REFUSED[429],
    },
    dependencies=[Sparingly],
)
async def register(body: RegistrationCreate, users: TheUsers, passwords: ThePasswords) -> User:
    """Make an account. Then sign in with POST /v1/auth/token."""
    user = await users.add(body.email, await passwords.hash(body.password))
    if user is None:
        raise ConflictError("this email address has an account already; sign in instead")
    return user


@router.post("/token", summary="Sign in", responses=REFUSED, dependencies=[Sparingly])
async def create_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()], sign_in: TheSignIn, visitor: TheVisitor
) -> TokenRead:
    """Return a pair of tokens for an email address (as `username`) and a password.

    For programs. A web page signs in with POST /v1/auth/session, which keeps the refresh token
    where no script can read it.
    """
    return TokenRead.of(await sign_in.with_password(form.username, form.password, visitor))


@router.post("/refresh", summary="Stay signed in", responses=ENDED, dependencies=[Sparingly])
async def refresh_token(body: Refresh, sign_in: TheSignIn, visitor: TheVisitor) -> TokenRead:
    """Return a new pair of tokens. The refresh token that was sent is good for nothing then.

    Where it comes again, somebody has stolen it: the whole session ends, for everybody.
    """
    return TokenRead.of(await sign_in.refresh(body.refresh_token, visitor))


@router.post("/logout", status_code=204, summary="Sign out")
async def logout(
    me: SignedIn,
    sign_in: TheSignIn,
    everywhere: Annotated[
        bool, Query(description="End every session of yours, not only this one.")
    ] = False,
) -> None:
    """End this session, or every one: its refresh token and its access tokens are worthless."""
    await sign_in.out(me.user_id, None if everywhere else me.session_id)
