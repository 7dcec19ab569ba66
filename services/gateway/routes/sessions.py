"""/me/sessions and /me/password: where you are signed in, and with what."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import (
    Everything,
    SignedIn,
    TheSessions,
    TheSignIn,
    TheVisitor,
)
from services.gateway.errors import InvalidFieldsError, NotFoundError
from services.gateway.problems import FieldError
from services.gateway.routes.auth import Password
from services.gateway.texts import UnicodeText
from services.gateway.who import Sparingly

router = APIRouter(prefix="/me", tags=["auth"])

SessionId = Annotated[UUID, Path(description="The session.")]
APART: dict[int | str, dict[str, Any]] = {
    403: {"description": "An API key cannot do this; sign in."}
}


class SessionRead(BaseModel):
    """One signing in."""

    session_id: UUID = Field(examples=["7d0b1c0e-2f51-4f0c-9a4e-1d8f3c2b6a90"])
    current: bool = Field(description="Whether it is the one that asks.", examples=[True])
    user_agent: str = Field(examples=["Mozilla/5.0"])
    address: str = Field(examples=["203.0.113.7"])
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime


class SessionsRead(BaseModel):
    """Where you are signed in, the last used first."""

    items: list[SessionRead]


class PasswordChange(BaseModel):
    """The old password, and the new one."""

    model_config = ConfigDict(extra="forbid")

    current_password: UnicodeText = Field(max_length=1024, examples=["correct horse"])
    new_password: Password


@router.get("/sessions", summary="Where am I signed in?", responses=APART)
async def list_sessions(me: SignedIn, sessions: TheSessions) -> SessionsRead:
    """Return your sessions that have not ended; at most 200."""
    found = await sessions.all(me.user_id)
    return SessionsRead(
        items=[
            SessionRead(
                session_id=one.session_id,
                current=one.session_id == me.session_id,
                user_agent=one.user_agent,
                address=one.address,
                created_at=one.created_at,
                last_used_at=one.last_used_at,
                expires_at=one.expires_at,
            )
            for one in found
        ]
    )


@router.delete("/sessions/{session_id}", status_code=204, summary="End a session", responses=APART)
async def delete_one_session(
    session_id: SessionId, me: SignedIn, sessions: TheSessions, sign_in: TheSignIn
) -> None:
    """Sign out somewhere else. Its tokens are worthless within seconds."""
    if session_id not in {one.session_id for one in await sessions.all(me.user_id)}:
        raise NotFoundError(f"you have no session {session_id}")
    await sign_in.out(me.user_id, session_id)


@router.post(
    "/password",
    status_code=204,
    summary="Change your password",
    responses=APART,
    dependencies=[Sparingly],
)
async def change_password(
    body: PasswordChange, me: SignedIn, everything: Everything, visitor: TheVisitor
) -> None:
    """Let the new password in, and end every other session of yours. API keys stay."""
    admission = everything.admission
    await admission.limits.take("password", f"change {me.user_id}")
    stored = await admission.users.password_hash(me.user_id)
    if not await admission.passwords.matches(body.current_password, stored):
        detail = "this is not your password"
        raise InvalidFieldsError([FieldError(pointer="/current_password", detail=detail)])
    await admission.limits.forgive("password", f"change {me.user_id}")
    hashed = await admission.passwords.hash(body.new_password)
    await admission.users.change_password(me.user_id, hashed, address=visitor.address)
    await admission.sessions.end(me.user_id, but=me.session_id)
    admission.identity.forget()
