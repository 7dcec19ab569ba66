"""/api/tts/advanced/cache and …/admin: the first names of what is kept, and of who runs it."""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.gateway.deps import Admin, Me, TheAudit, TheCache, TheSystem, TheVisitor
from services.gateway.routes.admin_users import ADMINS
from services.gateway.routes.cache import (
    CacheRead,
    SimilarQuery,
    SimilarRead,
    clear_cache,
    read_similar_texts,
)
from services.gateway.routes.processors import ProcessList, TheRestarts
from services.gateway.routes.system import SystemRead, read_system
from services.gateway.seeds.speaking import EXTENSION

router = APIRouter(prefix="/api/tts/advanced", tags=["first names"])


class LikeSeen(BaseModel):
    """Speech that is like what was asked for."""

    text: str = Field(examples=["Olá, e bem-vindos!"])
    similarity: float = Field(description="1: the same words.", examples=[0.83])
    audio_path: str = Field(description="What it is part of: an audio of yours.")
    language: str = Field(examples=["pt-BR"])
    voice: str = Field(examples=["v2/pt_speaker_2"])
    job_id: UUID = Field(examples=["5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])


class LikesSeen(BaseModel):
    """What is like it, the most alike first."""

    total: int
    results: list[LikeSeen]

    @classmethod
    def of(cls, found: SimilarRead) -> Self:
        """Return how it was shown then."""
        results = [
            LikeSeen(**dict(text), audio_path=f"/api/tts/download/{text.job_id}{EXTENSION}")
            for text in found.items
        ]
        return cls(total=len(results), results=results)


async def _similar(query: Annotated[SimilarQuery, Query()], me: Me, cache: TheCache) -> SimilarRead:
    return await read_similar_texts(query, me, cache)


@router.get("/cache/similar", summary="As GET /v1/cache/similar")
async def seed_similar(found: Annotated[SimilarRead, Depends(_similar)]) -> LikesSeen:
    """Return what was spoken for you and is like a text, from `threshold` on."""
    return LikesSeen.of(found)


@router.delete("/cache", status_code=202, responses=ADMINS, summary="As DELETE /v1/cache")
async def seed_clear_cache(
    me: Admin, cache: TheCache, audit: TheAudit, visitor: TheVisitor
) -> CacheRead:
    """Remove all stored speech that is not used from now on, within minutes. Admins only."""
    return await clear_cache(me, cache, audit, visitor)


@router.get("/admin/system-info", responses=ADMINS, summary="As GET /v1/admin/system")
async def seed_system_info(me: Admin, system: TheSystem) -> SystemRead:
    """Return the services' replicas, how far each is behind, and what waits. Admins only."""
    return await read_system(me, system)


@router.post(
    "/admin/processor/restart",
    status_code=202,
    responses=ADMINS | {404: {"description": "Nobody who speaks runs now."}},
    summary="As POST /v1/admin/processors/narrator/restart",
)
async def seed_restart_processor(restarts: TheRestarts) -> ProcessList:
    """Restart who speaks, without losing work. Admins only; once a GET, which changes nothing."""
    return await restarts.order("narrator")
