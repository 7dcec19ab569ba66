"""Texts that somebody wants to read before they are narrated. Pure."""

from services.adapter import languages
from shared.events import JobsParked, ScriptAdapted, ScriptGenerated
from shared.vocabulary import Resume


def wanted(event: ScriptGenerated) -> bool:
    """Return whether the user reviews texts in the job's language."""
    return any(languages.same(code, event.language) for code in event.options.review)


def held(event: ScriptGenerated, adapted: ScriptAdapted) -> JobsParked:
    """Return the job as it is given back: what was adapted goes on once it is approved."""
    parking = event.parking + 1
    resumed = adapted.model_copy(update={"parking": parking})
    return JobsParked(
        **event.leads_to("review") | {"parking": parking},
        stage="adapter",
        reason="review",
        detail=f"the text in {event.language} waits for somebody to approve it",
        resume=Resume(topic=adapted.topic.name, event=resumed.model_dump(mode="json")),
    )
