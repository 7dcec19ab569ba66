"""/jobs/{id}/audio, /srt, /vtt, /script: what a job made."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.gateway.archive.contents import EXTENSIONS
from services.gateway.archive.names import safe
from services.gateway.deps import Me, MyJob, TheEditor, TheObjects
from services.gateway.store.jobs import Job
from shared.vocabulary import ArtefactRef, JobState

router = APIRouter(prefix="/jobs", tags=["jobs"])

Version = Annotated[
    Literal["narrated", "master"],
    Query(description="The text that is spoken, or the script it was adapted from."),
]


def _served(media_type: str, schema: dict[str, Any]) -> dict[int | str, dict[str, Any]]:
    content = {"content": {media_type: {"schema": schema}}}
    return {
        200: {"description": "The whole object.", **content},
        206: {"description": "The range that was asked for.", **content},
        304: {"description": "It is what If-None-Match says."},
        404: {"description": "There is no such job of yours, or this is not made yet."},
        416: {"description": "The object ends before the range begins."},
    }


_AUDIO = _served("audio/mpeg", {"type": "string", "format": "binary"})
_SRT = _served("application/x-subrip", {"type": "string"})
_VTT = _served("text/vtt", {"type": "string"})
_TEXT = _served("text/plain", {"type": "string"})


@router.get("/{job_id}/audio", response_class=Response, responses=_AUDIO, summary="Listen to a job")
async def read_job_audio(job: MyJob, objects: TheObjects, request: Request) -> Response:
    """Return the audio. Ranges are served, so players can seek."""
    kind = job.audio.media_type if job.audio else "audio/mpeg"
    return await objects.respond(request, job.audio, _name(job, EXTENSIONS.get(kind, "bin")))


@router.get("/{job_id}/srt", response_class=Response, responses=_SRT, summary="Subtitles as SRT")
async def read_job_srt(job: MyJob, objects: TheObjects, request: Request) -> Response:
    """Return the subtitles as SubRip."""
    return await objects.respond(request, job.srt, _name(job, "srt"))


@router.get("/{job_id}/vtt", response_class=Response, responses=_VTT, summary="Subtitles as VTT")
async def read_job_vtt(job: MyJob, objects: TheObjects, request: Request) -> Response:
    """Return the subtitles as WebVTT."""
    return await objects.respond(request, job.vtt, _name(job, "vtt"))


async def _shown(
    job: MyJob, me: Me, editor: TheEditor, version: Version = "narrated"
) -> ArtefactRef | None:
    if version == "master":
        return job.script
    if job.state is JobState.AWAITING_REVIEW:
        return (await editor.text(await editor.work(me.user_id, job.job_id))).ref
    return job.narrated


Shown = Annotated[ArtefactRef | None, Depends(_shown)]


@router.get(
    "/{job_id}/script", response_class=Response, responses=_TEXT, summary="Read a job's script"
)
async def read_job_script(
    job: MyJob, shown: Shown, objects: TheObjects, request: Request
) -> Response:
    """Return the text that is spoken; with `?version=master` the script it was adapted from."""
    return await objects.respond(request, shown, _name(job, "txt"))


def _name(job: Job, extension: str) -> str:
    return f"{safe(job.title)} ({safe(job.language)}, v{job.variation}).{extension}"
