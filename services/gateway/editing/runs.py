"""The events that do a job again, or go on with one that was held. Pure."""

from typing import Any
from uuid import uuid5

from services.gateway.store.works import Work
from shared.events import JobsFailed, JobsRequested, ScriptAdapted
from shared.vocabulary import ArtefactRef, Chapter

REJECTED = "rejected"


def spoken_again(
    work: Work, script: ArtefactRef, chapters: tuple[Chapter, ...], **changes: Any
) -> ScriptAdapted:
    """Return the event that begins a run with a text.

    Args:
        work: The job as it stands.
        script: The text.
        chapters: Where its chapters begin.
        changes: What else is different: its voice, its options.
    """
    return ScriptAdapted(
        **_job(work, "edited") | changes,
        script=script,
        chapters=chapters,
        reading_notes=work.reading_notes,
        cut_before=work.cut,
    )


def told_again(work: Work, **changes: Any) -> JobsRequested:
    """Return the event that begins a run from the title."""
    return JobsRequested(**_job(work, "requested") | changes)


def approved(
    work: Work, script: ArtefactRef | None, chapters: tuple[Chapter, ...] | None
) -> ScriptAdapted:
    """Return the event that goes on with a held job, with the text as it was or another."""
    assert work.held is not None  # noqa: S101 - the caller looked
    event = ScriptAdapted.model_validate(work.held)
    if script is None:
        return event
    return event.model_copy(
        update={"script": script, "text": None, "chapters": chapters or event.chapters}
    )


def rejected(work: Work, note: str) -> JobsFailed:
    """Return the event that ends a held job."""
    parking = int((work.held or {}).get("parking", 0))
    return JobsFailed(
        **_job(work, REJECTED) | {"run": work.run, "parking": parking},
        stage="review",
        code=REJECTED,
        reason=note or "its text was not approved",
    )


def _job(work: Work, step: str) -> dict[str, Any]:
    run = work.run + 1
    return {
        "event_id": uuid5(work.job_id, f"{step}/{run}"),
        "job_id": work.job_id,
        "batch_id": work.batch_id,
        "user_id": work.user_id,
        "title": work.title,
        "language": work.language,
        "voice": work.voice,
        "variation": work.variation,
        "aspect": work.aspect,
        "agent_ref": work.agent,
        "options": work.options,
        "run": run,
    }
