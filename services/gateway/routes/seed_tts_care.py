"""/api/tts/stats and /api/tts/advanced: the first names of figures and of the cache."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.gateway.deps import Me, TheAnalytics, TheBatches, TheDesk, TheTickets
from services.gateway.seeds.figures import CacheSeen, FiguresSeen, lately
from services.gateway.seeds.speaking import PhrasesAsked, ProgressSeen, wish
from shared import catalogue
from shared.errors import UnavailableError

router = APIRouter(prefix="/api/tts", tags=["first names"])


class StatsSeen(FiguresSeen):
    """What was done, and who could speak."""

    providers: list[str] = Field(
        description="Whose voices may be named; without a key or its program one will fail.",
        examples=[["bark", "gtts"]],
    )


class HealthSeen(BaseModel):
    """Whether everything answers."""

    status: str = Field(description="`healthy` or `unhealthy`.", examples=["healthy"])
    services: dict[str, bool]


@router.get("/stats", summary="As GET /v1/analytics/summary, in short")
async def seed_stats(me: Me, analytics: TheAnalytics) -> StatsSeen:
    """Return what your narrations came to in the last 30 days."""
    figures = FiguresSeen.of(await analytics.summary(lately(me.user_id)))
    providers = sorted({voice.provider for voice in catalogue.voices()})
    return StatsSeen(**dict(figures), providers=providers)


@router.get("/advanced/analytics", summary="As GET /v1/analytics/summary")
async def seed_analytics(me: Me, analytics: TheAnalytics) -> FiguresSeen:
    """Return what your narrations came to in the last 30 days."""
    return FiguresSeen.of(await analytics.summary(lately(me.user_id)))


@router.get("/advanced/cache/stats", summary="How often something was there already")
async def seed_cache_stats(me: Me, analytics: TheAnalytics) -> CacheSeen:
    """Return how many of your jobs cost nothing, because they were there already."""
    return CacheSeen.of(await analytics.summary(lately(me.user_id)))


@router.post(
    "/advanced/cache/preload", status_code=202, summary="Have phrases spoken before their time"
)
async def seed_preload(body: PhrasesAsked, me: Me, desk: TheDesk) -> ProgressSeen:
    """Speak phrases and keep them: who asks for them afterwards finds them."""
    return ProgressSeen.of(await desk.ask(me.user_id, body.draft(), wish()))


@router.get("/advanced/health", summary="As GET /health/ready")
async def seed_health(me: Me, batches: TheBatches, tickets: TheTickets) -> HealthSeen:
    """Return whether batches can be read, and Redis answers."""
    found = {"batch_processor": True, "cache_manager": True}
    try:
        await batches.get(me.user_id, me.user_id)
    except UnavailableError:
        found["batch_processor"] = False
    try:
        await tickets.redeem("none")
    except UnavailableError:
        found["cache_manager"] = False
    healthy = all(found.values())
    services = {**found, "advanced_features": healthy}
    return HealthSeen(status="healthy" if healthy else "unhealthy", services=services)
