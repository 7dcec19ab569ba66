"""One builder per event: valid by default, and the test says only what matters to it."""

from typing import Any
from uuid import UUID

from shared.events import (
    AudioReady,
    BatchesSubmitted,
    JobsFailed,
    JobsParked,
    JobsRequested,
    ScriptAdapted,
    ScriptGenerated,
)
from shared.vocabulary import Agent, ArtefactRef, BatchRequest, Mode, Resume, Target

JOB = UUID("00000000-0000-0000-0000-000000000001")
BATCH = UUID("00000000-0000-0000-0000-0000000000b1")
USER = UUID("00000000-0000-0000-0000-0000000000a1")


def artefact_ref(**changes: Any) -> ArtefactRef:
    values = {"key": "k/ab/abc", "sha256": "0" * 64, "bytes": 3, "media_type": "text/plain"}
    return ArtefactRef(**{**values, **changes})


def agent(**changes: Any) -> Agent:
    return Agent(**{"name": "Clara", "language": "pt-BR", **changes})


def _job(**changes: Any) -> dict[str, Any]:
    values = {
        "job_id": JOB,
        "batch_id": BATCH,
        "user_id": USER,
        "title": "O segredo das abelhas",
        "language": "pt-BR",
        "voice": "espeak:pt-BR",
    }
    return {**values, **changes}


def job_requested(**changes: Any) -> JobsRequested:
    return JobsRequested(**_job(**changes))


def script_generated(**changes: Any) -> ScriptGenerated:
    text = {} if "script" in changes else {"text": "Era uma vez. Fim."}
    return ScriptGenerated(**{"script_language": "pt-BR", **text, **_job(**changes)})


def script_adapted(**changes: Any) -> ScriptAdapted:
    text = {} if "script" in changes else {"text": "Era uma vez. Fim."}
    return ScriptAdapted(**{**text, **_job(**changes)})


def audio_ready(**changes: Any) -> AudioReady:
    values = {
        "audio": artefact_ref(media_type="audio/mpeg"),
        "script": artefact_ref(),
        "srt": artefact_ref(media_type="application/x-subrip"),
        "vtt": artefact_ref(media_type="text/vtt"),
        "audio_seconds": 1.5,
        "characters": 17,
        "segments": 1,
    }
    return AudioReady(**{**values, **_job(**changes)})


def job_failed(**changes: Any) -> JobsFailed:
    values = {"stage": "narrator", "code": "refused", "reason": "no such voice"}
    return JobsFailed(**{**values, **_job(**changes)})


def job_parked(**changes: Any) -> JobsParked:
    parking = changes.get("parking", 1)
    resumed = script_adapted(
        **_job(run=changes.get("run", 1), job_id=changes.get("job_id", JOB)), parking=parking
    )
    values = {
        "stage": "narrator",
        "reason": "paused",
        "parking": parking,
        "resume": Resume(topic=resumed.topic.name, event=resumed.model_dump(mode="json")),
    }
    return JobsParked(**{**values, **_job(**changes)})


def batch_request(**changes: Any) -> BatchRequest:
    values = {
        "mode": Mode.MATRIX,
        "titles": ("O segredo das abelhas", "A cidade que dorme"),
        "targets": (
            Target(language="pt-BR", voice="espeak:pt-BR"),
            Target(language="en-US", voice="espeak:en-US"),
        ),
        "agent": artefact_ref(media_type="application/json"),
        "script_language": "pt-BR",
    }
    return BatchRequest(**{**values, **changes})


def batch_submitted(**changes: Any) -> BatchesSubmitted:
    request = changes.pop("request", batch_request())
    values = {
        "batch_id": BATCH,
        "user_id": USER,
        "request": request,
        "total_jobs": request.total_jobs if request else 0,
    }
    return BatchesSubmitted(**{**values, **changes})
