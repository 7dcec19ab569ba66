"""/admin/system: how the whole stands, for admins."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Admin, TheSystem
from services.gateway.routes.admin_users import ADMINS

router = APIRouter(prefix="/admin/system", tags=["admin"])


class ServiceRead(BaseModel):
    """One service's consumers."""

    model_config = ConfigDict(from_attributes=True)

    service: str = Field(examples=["narrator"])
    replicas: int = Field(description="Members of its consumer group.", examples=[2])
    behind: dict[str, int] = Field(
        description="Records that are not settled yet, by topic.", examples=[{"script.adapted": 40}]
    )


class QueuesRead(BaseModel):
    """What waits, of all users together."""

    batches: int = Field(description="That have not ended.", examples=[3])
    waiting: int = Field(description="Jobs that were not released yet.", examples=[900])
    in_flight: int = Field(description="Jobs that stages work on, or have before them.")
    parked: int = Field(description="Jobs that stages gave back.")
    scripting: int
    adapting: int
    awaiting_review: int
    narrating: int
    dead_letters: int
    unpublished: int = Field(description="Accepted batches that Kafka does not have yet.")


class SystemRead(BaseModel):
    """How the whole stands."""

    version: str = Field(description="Of this gateway.", examples=["1.4.0"])
    services: list[ServiceRead]
    queues: QueuesRead


@router.get("", summary="Show how the system stands", responses=ADMINS)
async def read_system(_: Admin, system: TheSystem) -> SystemRead:
    """Return the stages' replicas and how far each is behind, as Kafka has it, and what waits."""
    return SystemRead(
        version=system.version,
        services=[ServiceRead.model_validate(group) for group in await system.services()],
        queues=QueuesRead(**await system.queues.sizes()),
    )
