"""/me: who is asking."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, TheUsers
from services.gateway.errors import UnauthenticatedError
from services.gateway.store.users import User

router = APIRouter(prefix="/me", tags=["auth"])


class UserRead(BaseModel):
    """An account."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "user_id": "0d7f3f0e-54a1-4a7e-9a53-1d2f8a3a1f6b",
                    "email": "ana@example.com",
                    "role": "user",
                    "created_at": "2026-11-20T12:00:00Z",
                }
            ]
        },
    )

    user_id: UUID
    email: str
    role: str = Field(description="As what this token or key may act: `user` or `admin`.")
    created_at: datetime


@router.get("", response_model=UserRead, summary="Who am I?")
async def read_me(me: Me, users: TheUsers) -> User:
    """Return the account that the access token speaks for."""
    user = await users.get(me.user_id)
    if user is None:
        raise UnauthenticatedError("the account of this token no longer exists")
    # What the account is may be news that the other routes do not go by yet.
    return replace(user, role=me.role)
