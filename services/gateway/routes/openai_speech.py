"""/audio/speech: OpenAI's way to have a text spoken."""

from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.gateway.deps import Me, TheDesk, TheObjects
from services.gateway.errors import ApiError, InvalidFieldsError, NotReadyError
from services.gateway.narrating import Told, Wish
from services.gateway.openai import delivery
from services.gateway.openai.speech import SpeechDraft
from services.gateway.problems import FieldError
from services.gateway.store.jobs import Job
from shared.errors import InvalidRequestError
from shared.vocabulary import JobState

router = APIRouter(prefix="/audio", tags=["openai"])

# As long as the gateway lets anybody wait; the official client gives up after ten minutes.
PATIENCE_SECONDS = 600.0
# What the pipeline says of a job that failed by its request's own fault.
ASKED_WRONGLY = frozenset({"wrong_language", "invalid_request", "refused"})
_SOUND = {"schema": {"type": "string", "format": "binary"}}


@router.post(
    "/speech",
    response_class=StreamingResponse,
    summary="Speak a text, as OpenAI does",
    responses={
        200: {
            "description": "The sound.",
            "content": dict.fromkeys(delivery.MEDIA_TYPES.values(), _SOUND)
            | {"text/event-stream": {"schema": {"type": "string"}}},
        },
        502: {"description": "No provider spoke it."},
        504: {"description": "It takes longer; the same request will find it, once it is done."},
    },
)
async def create_speech(
    body: SpeechDraft, me: Me, desk: TheDesk, objects: TheObjects
) -> StreamingResponse:
    """Speak a text and return the sound; OpenAI's own clients work unmodified.

    The answer begins when the text is spoken and checked, whole. Said again, it is found in the
    store and costs nothing.
    """
    told = await desk.ask(me.user_id, body.narration(), Wish(wait=PATIENCE_SECONDS))
    job = _spoken(told)
    assert job.audio is not None  # noqa: S101 - for the type checker; a completed job has it
    try:
        chunks = await objects.open(job.audio)
    except InvalidRequestError as error:
        raise NotReadyError("it was spoken and is no longer kept; ask again") from error
    kind = delivery.MEDIA_TYPES[body.response_format]
    if body.response_format == "pcm":
        chunks = delivery.samples(chunks)
    headers = {"X-Job-Id": str(job.job_id)}
    if body.stream_format == "sse":
        return StreamingResponse(
            delivery.events(chunks, job), headers=headers, media_type="text/event-stream"
        )
    return StreamingResponse(chunks, headers=headers, media_type=kind)


def _spoken(told: Told) -> Job:
    job = told.jobs[0] if told.jobs else None
    if job is None or not told.ended:
        raise _trouble(HTTPStatus.GATEWAY_TIMEOUT, "it takes longer; ask again for the same")
    if job.state is JobState.COMPLETED and job.audio is not None:
        return job
    why = job.error or f"the job is {job.state.value}"
    if job.error_code in ASKED_WRONGLY:
        raise InvalidFieldsError([FieldError(pointer="/input", detail=why)])
    raise _trouble(HTTPStatus.BAD_GATEWAY, why)


def _trouble(status: HTTPStatus, detail: str) -> ApiError:
    error = ApiError(detail)
    error.status, error.code, error.title = status.value, status.name.lower(), status.phrase
    return error
