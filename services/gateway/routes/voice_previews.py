"""/voices/{id}/preview: what a voice sounds like."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse, Response

from services.gateway.deps import Me, TheObjects, ThePreviews
from services.gateway.errors import NotFoundError, NotReadyError
from shared import catalogue
from shared.errors import InvalidRequestError

router = APIRouter(prefix="/voices", tags=["catalogue"])

VoiceId = Annotated[str, Path(max_length=100, examples=["pt-BR-Chirp3-HD-Kore"])]


@router.get(
    "/{voice_id:path}/preview",
    response_class=Response,
    summary="Listen to a voice",
    responses={
        200: {"content": {"audio/mpeg": {"schema": {"type": "string", "format": "binary"}}}},
        202: {"description": "It is being spoken; ask again after Retry-After seconds."},
        206: {"description": "The range that was asked for."},
        304: {"description": "It is what If-None-Match says."},
        416: {"description": "The object ends before the range begins."},
    },
)
async def read_voice_preview(
    voice_id: VoiceId, _: Me, previews: ThePreviews, objects: TheObjects, request: Request
) -> Response:
    """Return a sentence in the voice's language. It is spoken once, and kept for everybody."""
    job = await previews.of(_voice(voice_id))
    if job is None:
        return JSONResponse({"state": "speaking"}, 202, headers={"Retry-After": "2"})
    if job.audio is None:
        raise NotReadyError(f"the voice {voice_id!r} cannot be heard here: {job.error}")
    return await objects.respond(request, job.audio, f"{voice_id}.mp3")


def _voice(voice_id: str) -> catalogue.Voice:
    try:
        return catalogue.voice(voice_id)
    except InvalidRequestError as error:
        raise NotFoundError(str(error)) from error
