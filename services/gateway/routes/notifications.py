"""/notifications: what you are told in the web UI."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.gateway import cursors
from services.gateway.deps import Me, TheNotifications
from services.gateway.routes.paging import PageQuery, TheNextPage

router = APIRouter(prefix="/notifications", tags=["notifications"])


class NotificationQuery(PageQuery):
    """Which are wanted."""

    unread: bool = Field(default=False, description="Only those that are not read.")


class NotificationRead(BaseModel):
    """Something that happened."""

    model_config = ConfigDict(from_attributes=True)

    notification_id: UUID
    type: str = Field(
        description="`batch.completed`, `batch.completed_with_errors`, `batch.failed`, "
        "`batch.cancelled`, `batch.budget_reached` or `webhook.disabled`; more may come.",
        examples=["batch.completed"],
    )
    data: dict[str, Any] = Field(
        description="As webhooks get it.", examples=[{"batch_id": "…", "state": "completed"}]
    )
    at: datetime
    read_at: datetime | None


class NotificationsRead(BaseModel):
    """What happened, newest first."""

    items: list[NotificationRead]
    unread: int = Field(description="How many are not read, in all.", examples=[3])
    next_cursor: str | None


class NotificationsSeen(BaseModel):
    """Which of them are read now."""

    model_config = ConfigDict(extra="forbid")

    notification_ids: list[UUID] | None = Field(
        default=None,
        max_length=1_000,
        description="Left out: all.",
        examples=[["5f0f2c5e-6c9e-4a57-9f0b-0c6d3a1b7e11"]],
    )


@router.get("", summary="List your notifications")
async def list_notifications(
    query: Annotated[NotificationQuery, Query()],
    me: Me,
    notifications: TheNotifications,
    next_page: TheNextPage,
) -> NotificationsRead:
    """Return what happened, newest first, for 90 days (`NOTIFICATION_DAYS`)."""
    after = cursors.after(query.cursor)
    found = await notifications.page(
        me.user_id, unread=query.unread, after=after, limit=query.limit + 1
    )
    page = cursors.cut(found, query.limit, lambda row: (row.at, row.notification_id))
    next_page.link(page.next_cursor)
    return NotificationsRead(
        items=[NotificationRead.model_validate(each) for each in page.items],
        unread=await notifications.unread(me.user_id),
        next_cursor=page.next_cursor,
    )


@router.post("/read", status_code=204, summary="Mark notifications as read")
async def read_notifications(
    body: NotificationsSeen, me: Me, notifications: TheNotifications
) -> None:
    """Mark some as read, or all. Repeating it is fine."""
    await notifications.read(me.user_id, body.notification_ids)
