"""/admin/processors: the processes that do the work, for admins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Admin, TheAudit, TheSystem, TheVisitor
from services.gateway.errors import NotFoundError
from services.gateway.routes.admin_users import ADMINS
from services.gateway.store.audit import Deed

router = APIRouter(prefix="/admin/processors", tags=["admin"])

Service = Literal["gateway", "scripter", "adapter", "narrator", "aggregator"]
SERVICES: tuple[Service, ...] = ("gateway", "scripter", "adapter", "narrator", "aggregator")
ProcessId = Annotated[
    str, Field(max_length=300, pattern=r"^[A-Za-z0-9._-]+$", examples=["narrator-7d9f-1b2c3d4e"])
]


class ProcessRead(BaseModel):
    """One process."""

    model_config = ConfigDict(from_attributes=True)

    process_id: str = Field(
        description="Where it runs, and a name that is new after each start.",
        examples=["narrator-7d9f-1b2c3d4e"],
    )
    service: Service
    state: Literal["starting", "ready", "stopping"]
    started_at: datetime
    restart_ordered_at: datetime | None = Field(
        validation_alias="ordered_at", description="Null: it is not told to restart."
    )
    in_flight: int = Field(description="Records in its hands.", examples=[12])
    handled: int = Field(description="Records it finished in the last five minutes.")

    @classmethod
    def of(cls, process: Any) -> "ProcessRead":
        """Return how it is shown."""
        names = ("process_id", "service", "state", "started_at", "ordered_at")
        shown = {name: getattr(process, name) for name in names}
        figures = process.figures
        return cls(**shown, in_flight=figures.in_flight, handled=figures.handled)


class ProcessList(BaseModel):
    """Processes, by service, the oldest first."""

    items: list[ProcessRead]


class RestartDraft(BaseModel):
    """Which of them."""

    model_config = ConfigDict(extra="forbid")

    process_id: ProcessId | None = Field(
        default=None,
        description="Left out: all of the service, one after another.",
        examples=[None],
    )


@router.get("", summary="List processes", responses=ADMINS)
async def list_processors(_: Admin, system: TheSystem) -> ProcessList:
    """Return who runs now, as they say it of themselves every two seconds."""
    found = [each for name in SERVICES for each in await system.fleet.of(name)]
    return ProcessList(items=[ProcessRead.of(each) for each in found])


@dataclass(frozen=True, slots=True)
class Restarts:
    """Orders an admin gives to processes, and writes down."""

    me: Admin
    system: TheSystem
    audit: TheAudit
    visitor: TheVisitor

    async def order(self, service: Service, process_id: str | None = None) -> ProcessList:
        """Have the processes of a service restarted, or one of them."""
        told = await self.system.fleet.restart(service, process_id)
        if not told:
            what = f"no process {process_id!r}" if process_id else "no process"
            raise NotFoundError(f"{service} has {what} now; GET /v1/admin/processors lists them")
        deed = Deed(
            actor_id=self.me.user_id,
            action="processors.restarted",
            subject=service,
            address=self.visitor.address,
            detail={"processes": [each.process_id for each in told]},
        )
        await self.audit.add(deed)
        return ProcessList(items=[ProcessRead.of(each) for each in told])


TheRestarts = Annotated[Restarts, Depends()]


@router.post("/{service}/restart", status_code=202, summary="Restart processes", responses=ADMINS)
async def restart_processors(
    service: Annotated[Service, Path(description="Whose.")],
    restarts: TheRestarts,
    draft: RestartDraft | None = None,
) -> ProcessList:
    """Have the processes of a service restarted, or one of them, without losing work.

    Each finishes what it has in hand, or gives it back, and ends; whoever runs it starts it
    again. They go one at a time: the next when the one before is ready again. Where that does
    not happen within an hour, the others stay.
    """
    return await restarts.order(service, draft.process_id if draft else None)
