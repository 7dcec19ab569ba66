"""/api/tts: the first names of narrations."""

from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from services.gateway.deps import Me, TheDesk, TheJobs, TheObjects
from services.gateway.errors import NotFoundError
from services.gateway.seeds.speaking import (
    EXTENSION,
    NarrationAsked,
    NarrationSeen,
    ProgressSeen,
    TextsAsked,
    wish,
)

router = APIRouter(prefix="/api/tts", tags=["first names"])

# So long did its clients wait.
PATIENCE_SECONDS = 120.0
SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {"audio/mpeg": {"schema": {"type": "string", "format": "binary"}}}},
    206: {"description": "The range that was asked for."},
    304: {"description": "It is what If-None-Match says."},
    404: {"description": "You have no such file, or it is not made yet."},
    416: {"description": "The object ends before the range begins."},
}


class QuickSeen(BaseModel):
    """What became of some texts."""

    success: bool = Field(description="Whether there is sound of all of them.")
    batch_id: UUID = Field(examples=["5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])
    total: int
    status: str = Field(examples=["completed"])
    results: list[NarrationSeen]


@router.post("/generate-narration", summary="As POST /v1/narrations, waiting")
async def seed_narrate(body: NarrationAsked, me: Me, desk: TheDesk) -> NarrationSeen:
    """Speak a text, and say where the sound is. A text that fails is told, not an error."""
    told = await desk.ask(me.user_id, body.draft(), wish(PATIENCE_SECONDS))
    return NarrationSeen.of(told.jobs[0]) if told.jobs else NarrationSeen.unfinished()


@router.post("/quick-batch", summary="As POST /v1/narrations of several, waiting")
async def seed_narrate_several(body: TextsAsked, me: Me, desk: TheDesk) -> QuickSeen:
    """Speak up to 50 texts, and say where the sound of each is."""
    told = await desk.ask(me.user_id, body.draft(), wish(PATIENCE_SECONDS))
    seen = ProgressSeen.of(told)
    return QuickSeen(
        success=seen.completed == seen.total,
        batch_id=seen.batch_id,
        total=seen.total,
        status=seen.status,
        results=seen.results,
    )


@router.get(
    "/download/{filename}",
    response_class=Response,
    responses=SOUND,
    summary="As GET /v1/jobs/{id}/audio",
)
async def seed_download(
    filename: Annotated[str, Path(max_length=100, description="The end of an `audio_path`.")],
    me: Me,
    jobs: TheJobs,
    objects: TheObjects,
    request: Request,
) -> Response:
    """Return the sound. Ranges are served."""
    job = None
    with suppress(ValueError):
        job = await jobs.get(me.user_id, UUID(filename.removesuffix(EXTENSION)))
    if job is None:
        raise NotFoundError("you have no such file; audio_path names those that you have")
    return await objects.respond(request, job.audio, filename)
