"""/admin/audit-log: what admins did, and what happened to accounts."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.gateway import cursors
from services.gateway.deps import Admin, TheAudit
from services.gateway.routes.admin_users import ADMINS
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.store.audit import EntryFilter

router = APIRouter(prefix="/admin/audit-log", tags=["admin"])


class AuditEntryRead(BaseModel):
    """Something that was done."""

    model_config = ConfigDict(from_attributes=True)

    audit_id: UUID
    happened_at: datetime
    actor_id: UUID | None = Field(description="Null: nobody who was signed in.")
    action: str = Field(examples=["user.changed"])
    subject: str = Field(
        description="What it was done to.", examples=["0d7f3f0e-54a1-4a7e-9a53-1d2f8a3a1f6b"]
    )
    address: str = Field(description="From where.", examples=["203.0.113.7"])
    detail: dict[str, Any] = Field(examples=[{"role": "admin"}])


class AuditQuery(PageQuery):
    """Which entries are wanted."""

    actor_id: UUID | None = Field(default=None, description="Who did it.")
    action: str | None = Field(
        default=None, max_length=100, pattern=r"^[a-z_.]*$", examples=["user.changed"]
    )


class AuditPage(BaseModel):
    """Some entries, newest first."""

    items: list[AuditEntryRead]
    next_cursor: str | None = Field(description="Null on the last page.", examples=[None])


@router.get("", summary="Read the audit log", responses=ADMINS)
async def list_audit_entries(
    _: Admin, audit: TheAudit, query: Annotated[AuditQuery, Query()], next_page: TheNextPage
) -> AuditPage:
    """Return what was done, newest first. Nothing is ever taken out of it."""
    wanted = EntryFilter(
        actor_id=query.actor_id,
        action=query.action,
        after=cursors.after(query.cursor),
        limit=query.limit + 1,
    )
    rows = await audit.page(wanted)
    page = cursors.cut(rows, query.limit, lambda entry: (entry.happened_at, entry.audit_id))
    next_page.link(page.next_cursor)
    items = [AuditEntryRead.model_validate(entry) for entry in page.items]
    return AuditPage(items=items, next_cursor=page.next_cursor)
