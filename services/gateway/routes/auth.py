"""/auth: make an account, and sign in."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.gateway.deps import ThePasswords, TheTokens, TheUsers
from services.gateway.errors import ConflictError, UnauthenticatedError
from services.gateway.routes.me import UserRead
from services.gateway.store.users import User
from services.gateway.texts import Text, UnicodeText
from services.gateway.tokens import Principal

router = APIRouter(prefix="/auth", tags=["auth"])


def _address(email: str) -> str:
    # Whether it exists only a letter could tell; this catches slips of the hand.
    name, at, domain = email.strip().rpartition("@")
    if not (name and at and "." in domain.strip(".")) or any(c.isspace() for c in name + domain):
        raise ValueError("an email address looks like name@example.com")
    return email.strip()


Email = Annotated[
    Text, Field(max_length=254, examples=["ana@example.com"]), AfterValidator(_address)
]


class RegistrationCreate(BaseModel):
    """What an account needs."""

    model_config = ConfigDict(extra="forbid")

    email: Email
    # Argon2 takes any length; nobody types more than this.
    password: UnicodeText = Field(
        min_length=8, max_length=1024, examples=["correct horse battery staple"]
    )


class TokenRead(BaseModel):
    """An access token (RFC 6749, section 5.1)."""

    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiIsImtpZCI6IjRhZiJ9.eyJzdWIi.c2ln"])
    token_type: str = Field(default="bearer", examples=["bearer"])
    expires_in: int = Field(description="Seconds.", examples=[900])


@router.post(
    "/register",
    status_code=201,
    response_model=UserRead,
    summary="Make an account",
    responses={409: {"description": "The address has an account already."}},
)
async def register(body: RegistrationCreate, users: TheUsers, passwords: ThePasswords) -> User:
    """Make an account. Then sign in with POST /v1/auth/token."""
    user = await users.add(body.email, await passwords.hash(body.password))
    if user is None:
        raise ConflictError("this email address has an account already; sign in instead")
    return user


@router.post(
    "/token",
    summary="Sign in",
    responses={401: {"description": "No account has this address and password."}},
)
async def create_token(
    form: Annotated[OAuth2PasswordRequestForm, Depends()],
    users: TheUsers,
    passwords: ThePasswords,
    tokens: TheTokens,
) -> TokenRead:
    """Return an access token for an email address (as `username`) and a password."""
    known = await users.credentials(form.username.strip().replace("\x00", ""))
    good = await passwords.matches(form.password, known.password_hash if known else None)
    if known is None or not good:
        raise UnauthenticatedError("no account has this email address and password")
    token = tokens.issue(Principal(known.user_id, known.role))
    return TokenRead(access_token=token, expires_in=int(tokens.lifetime.total_seconds()))
