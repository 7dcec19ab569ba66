"""/admin/users: who may come in, for admins."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.gateway import cursors
from services.gateway.deps import Admin, Everything, TheAccounts, TheUsers, TheVisitor
from services.gateway.errors import ConflictError, NotFoundError
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.store.accounts import AccountChange, Actor
from services.gateway.store.users import User

router = APIRouter(prefix="/admin/users", tags=["admin"])

UserId = Annotated[UUID, Path(description="The user.")]
ADMINS: dict[int | str, dict[str, Any]] = {403: {"description": "Only an admin may do this."}}


class AccountRead(BaseModel):
    """An account, as admins see it."""

    model_config = ConfigDict(from_attributes=True)

    user_id: UUID = Field(examples=["0d7f3f0e-54a1-4a7e-9a53-1d2f8a3a1f6b"])
    email: str = Field(examples=["ana@example.com"])
    role: Literal["user", "admin"]
    created_at: datetime
    disabled_at: datetime | None = Field(description="Null: may come in.")


class AccountUpdate(BaseModel):
    """What is to be different. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "admin"] | None = Field(default=None, examples=["admin"])
    disabled: StrictBool | None = Field(
        default=None, description="Whether they are kept out.", examples=[False]
    )


class AccountQuery(PageQuery):
    """Which users are wanted."""

    search: str | None = Field(
        default=None, max_length=254, pattern=r"^[^\x00]*$", description="Part of the address."
    )


class AccountPage(BaseModel):
    """Some users, newest first."""

    items: list[AccountRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


@router.get("", summary="List users", responses=ADMINS)
async def list_users(
    _: Admin, accounts: TheAccounts, query: Annotated[AccountQuery, Query()], next_page: TheNextPage
) -> AccountPage:
    """Return everybody, newest first."""
    rows = await accounts.page(query.search, cursors.after(query.cursor), query.limit + 1)
    page = cursors.cut(rows, query.limit, lambda user: (user.created_at, user.user_id))
    next_page.link(page.next_cursor)
    items = [AccountRead.model_validate(user) for user in page.items]
    return AccountPage(items=items, next_cursor=page.next_cursor)


@router.get("/{user_id}", response_model=AccountRead, summary="Read a user", responses=ADMINS)
async def read_user(user_id: UserId, _: Admin, users: TheUsers) -> User:
    """Return an account."""
    user = await users.get(user_id)
    if user is None:
        raise NotFoundError(f"there is no user {user_id}")
    return user


@router.patch(
    "/{user_id}",
    response_model=AccountRead,
    summary="Promote, demote, disable or enable a user",
    responses=ADMINS | {409: {"description": "They are the last admin."}},
)
async def update_user(
    user_id: UserId, body: AccountUpdate, me: Admin, everything: Everything, visitor: TheVisitor
) -> User:
    """Change what somebody may do. Whoever is disabled is signed out, within seconds.

    It is written to the audit log. There is always an admin left.
    """
    change = AccountChange(role=body.role, disabled=body.disabled)
    actor = Actor(user_id=me.user_id, address=visitor.address)
    changed = await everything.admission.accounts.change(user_id, change, actor)
    everything.admission.identity.forget()
    if changed is not None:
        return changed
    if await everything.admission.users.get(user_id) is None:
        raise NotFoundError(f"there is no user {user_id}")
    raise ConflictError("they are the last admin; promote another one first")
