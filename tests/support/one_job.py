"""The life of one job, event by event, and what is folded from it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.aggregator.rules import Job
from shared.events import BatchesControl, JobEvent
from shared.vocabulary import Usage
from tests.support.builders import (
    BATCH,
    JOB,
    artefact_ref,
    audio_ready,
    job_failed,
    job_parked,
    job_requested,
    script_adapted,
    script_generated,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


def spent(calls: int) -> tuple[Usage, ...]:
    return (Usage(provider="offline", calls=calls),)


REQUESTED = job_requested(occurred_at=at(0))
GENERATED = script_generated(script=artefact_ref(key="script"), usage=spent(3), occurred_at=at(1))
ADAPTED = script_adapted(script=artefact_ref(key="adapted"), usage=spent(1), occurred_at=at(2))
SPOKEN = audio_ready(
    script=artefact_ref(key="narrated"), usage=spent(2), audio_seconds=4.5, occurred_at=at(3)
)
FAILED = job_failed(attempts=3, occurred_at=at(4))
STOPPED = job_failed(code="cancelled", stage="narrator", occurred_at=at(6))
PARKED = job_parked(parking=1, occurred_at=at(2))
RESUMED = script_adapted(script=artefact_ref(key="adapted"), parking=1, occurred_at=at(2))
PARKED_AGAIN = job_parked(parking=2, reason="budget", occurred_at=at(3))
WHOLE_LIFE = (REQUESTED, GENERATED, ADAPTED, SPOKEN)


def job(**changes: Any) -> Job:
    return Job(**{"job_id": JOB, "batch_id": BATCH, **changes})


def folded(*events: JobEvent) -> Job:
    result = job()
    for event in events:
        result.apply(event)
    return result


def order(action: Any, run: int | None = None, minute: int = 5) -> BatchesControl:
    return BatchesControl(
        batch_id=BATCH, job_id=JOB, action=action, run=run, occurred_at=at(minute)
    )


def again(event: JobEvent, minute: int) -> JobEvent:
    return event.model_copy(
        update={"run": 2, "occurred_at": at(minute), "event_id": event.id_of("again")}
    )


SECOND_LIFE = tuple(again(event, 10 + n) for n, event in enumerate(WHOLE_LIFE))
