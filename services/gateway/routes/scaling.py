"""/admin/scaling: how many processes there should be, for admins."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Admin, TheSystem
from services.gateway.routes.admin_users import ADMINS
from services.gateway.scaling import PLANS, hint

router = APIRouter(prefix="/admin/scaling", tags=["admin"])


class ScalingHint(BaseModel):
    """What is known of a service, and how many replicas follow from it."""

    model_config = ConfigDict(from_attributes=True)

    service: str = Field(examples=["narrator"])
    replicas: int = Field(description="Processes that run now.", examples=[2])
    behind: int = Field(
        description="Records that are not settled yet, those in hand included.", examples=[480]
    )
    in_flight: int = Field(description="Records in hand.", examples=[16])
    rate: float = Field(description="Records settled a second, over five minutes.", examples=[1.07])
    seconds: float | None = Field(
        description="What a record took lately. Null: too few to say; the planned time counts.",
        examples=[15.0],
    )
    threshold: float = Field(
        description="Records that wait, for which there should be one replica: `lagThreshold` of "
        "KEDA, with the measured time.",
        examples=[160.0],
    )
    suggested_replicas: int = Field(examples=[3])
    because: str = Field(
        description="The arithmetic.",
        examples=[
            "8 at once x 300 s of acceptable wait / 15 s each (measured) = 160 records a replica; "
            "480 wait / 160 = 3.00, so 3 within 1 and 24"
        ],
    )


class Scaling(BaseModel):
    """A hint for each service that consumes."""

    items: list[ScalingHint]


@router.get("", summary="Say how many replicas there should be", responses=ADMINS)
async def read_scaling(_: Admin, system: TheSystem) -> Scaling:
    """Return what waits, how fast it goes, and how many replicas each service should have.

    The same arithmetic as KEDA's thresholds, with the time that records really take. Nothing is
    scaled by asking.
    """
    groups = {group.service: sum(group.behind.values()) for group in await system.services()}
    hints = [
        hint(service, groups.get(service, 0), await system.fleet.of(service)) for service in PLANS
    ]
    return Scaling(items=[ScalingHint.model_validate(each) for each in hints])
