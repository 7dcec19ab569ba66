"""The contract: every event that crosses Kafka.

This is the pipeline:

    batches.submitted -> jobs.requested -> script.generated -> script.adapted -> audio.ready
                      any stage: jobs.failed, jobs.parked, jobs.progress
    batches.control -> ... -> batches.progress -> batches.completed

Events are facts: frozen, owned by the service that publishes them. One class is one
topic. Adding an optional field is always safe. Renaming, retyping or removing one is
not: write a new class on a new topic (`audio.ready.v2`), publish both, move the
consumers, then delete the old class.

To add one: a class in `jobs` or `batches`, its name below, and its topic in `shared/topics.py`.
"""

from shared.events.base import BatchEvent, Event, JobEvent, TextEvent
from shared.events.batches import (
    BatchesCompleted,
    BatchesControl,
    BatchesProgress,
    BatchesSubmitted,
)
from shared.events.jobs import (
    AudioReady,
    JobsFailed,
    JobsParked,
    JobsProgress,
    JobsRequested,
    ScriptAdapted,
    ScriptGenerated,
)

__all__ = [
    "CATALOG",
    "AudioReady",
    "BatchEvent",
    "BatchesCompleted",
    "BatchesControl",
    "BatchesProgress",
    "BatchesSubmitted",
    "Event",
    "JobEvent",
    "JobsFailed",
    "JobsParked",
    "JobsProgress",
    "JobsRequested",
    "ScriptAdapted",
    "ScriptGenerated",
    "TextEvent",
]


def _catalog(base: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for event in base.__subclasses__():
        found |= {event.topic.name: event} if "topic" in vars(event) else _catalog(event)
    return found


CATALOG: dict[str, type[Event]] = _catalog(Event)
