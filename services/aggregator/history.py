"""What events say about tries that came to nothing, as rows. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.aggregator.spending import STAGES
from shared.events import JobEvent, JobsFailed, JobsParked
from shared.vocabulary import Attempt


def tried(events: Iterable[JobEvent]) -> Iterator[dict[str, Any]]:
    """Yield a row for every try that failed or had to wait."""
    for event in events:
        if history := getattr(event, "history", ()):
            yield from _rows(event, history)


def _rows(event: JobEvent, history: Sequence[Attempt]) -> Iterator[dict[str, Any]]:
    for position, attempt in enumerate(history):
        yield {
            "event_id": event.event_id,
            "position": position,
            "job_id": event.job_id,
            "run": event.run,
            "stage": _stage(event),
            **attempt.model_dump(),
        }


def _stage(event: JobEvent) -> str:
    return event.stage if isinstance(event, JobsFailed | JobsParked) else STAGES[type(event)]
