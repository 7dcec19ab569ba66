"""What a portion of the log adds, as rows: batches, jobs, lines of their logs. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.events import BatchesControl, BatchesSubmitted, JobEvent, JobsProgress
from shared.expansion import expand
from shared.vocabulary import SYSTEM_USER, BatchRequest

LINE_CHARACTERS = 1_000

Row = dict[str, Any]


def planned(event: BatchesSubmitted, request: BatchRequest) -> Iterator[Row]:
    """Yield the jobs of a batch that was submitted."""
    for job in expand(event.batch_id, request):
        yield {
            "job_id": job.job_id,
            "batch_id": event.batch_id,
            "user_id": event.user_id,
            "position": job.position,
            "title": job.title,
            "language": job.language,
            "voice": job.voice,
            "variation": job.variation,
            "aspect": job.aspect,
            "created_at": event.occurred_at,
            "options": job.options,
            "text": job.text,
        }


def stranger(event: JobEvent) -> Row:
    """Return a job that nobody announced."""
    return {
        "job_id": event.job_id,
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "title": event.title,
        "language": event.language,
        "voice": event.voice,
        "variation": event.variation,
        "aspect": event.aspect,
        "created_at": event.occurred_at,
    }


def submitted(event: BatchesSubmitted, request: BatchRequest) -> Row:
    """Return a batch as it was submitted."""
    return {
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "name": request.name,
        "mode": request.mode,
        "request": request.model_dump(mode="json"),
        "agent": request.agent,
        "options": request.options,
        "created_at": event.occurred_at,
    }


def batch_of(event: JobEvent) -> Row:
    """Return the batch of a job that was heard of before it."""
    return {
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "options": event.options if event.options.budget_usd else None,
        "name": event.title,
        "created_at": event.occurred_at,
    }


def batch_of_order(order: BatchesControl) -> Row:
    """Return a batch that was ordered about before it was heard of."""
    return {
        "batch_id": order.batch_id,
        "user_id": SYSTEM_USER,
        "name": "",
        "created_at": order.occurred_at,
    }


def lines(told: Iterable[JobsProgress]) -> Iterator[Row]:
    """Yield lines of jobs' logs."""
    for line in told:
        yield {
            "job_id": line.job_id,
            "at": line.occurred_at,
            "stage": line.stage,
            "message": line.message[:LINE_CHARACTERS],
        }
