"""What is written on a dead letter: where it was, what went wrong, and for whom.

The record itself goes along unchanged: its key, its value, its headers. What is added are
headers named `dead_*`, all of them text (docs/events.md lists them). Every value is as it
was at the moment of giving up; nothing here is read back by a stage.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from aiokafka import ConsumerRecord

from shared.errors import InvalidEventError, PermanentError, PipelineError, TransientError
from shared.events import Event, JobEvent
from shared.runtime.envelope import REDRIVE_NUMBER, readable

REASON_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a record is put aside.

    Attributes:
        error: What its last try ended with.
        attempts: How many tries there were.
        first_at: When the first one began.
        event: What the record says, where it could be read.
    """

    error: BaseException
    attempts: int = 1
    first_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    event: Event | None = None

    @property
    def code(self) -> str:
        """Return the error's stable code."""
        return self.error.code if isinstance(self.error, PipelineError) else "bug"

    @property
    def kind(self) -> str:
        """Return the class of the error that the runtime decided by."""
        kinds = {
            InvalidEventError: "invalid",
            PermanentError: "permanent",
            TransientError: "lasting",
        }
        return next((kind for of, kind in kinds.items() if isinstance(self.error, of)), "bug")

    @property
    def reason(self) -> str:
        """Return the error's own words."""
        return (str(self.error) or type(self.error).__name__)[:REASON_CHARACTERS]


def dead_headers(record: ConsumerRecord, failure: Failure, service: str) -> dict[str, str]:
    """Return the record's own headers, and what is to be known about its end."""
    headers = readable(record.headers)
    return headers | {
        "dead_topic": record.topic,
        "dead_partition": str(record.partition),
        "dead_offset": str(record.offset),
        "dead_timestamp": str(getattr(record, "timestamp", "")),
        "dead_service": service,
        "dead_version": release(),
        "dead_kind": failure.kind,
        "dead_error": type(failure.error).__name__,
        "dead_code": failure.code,
        "dead_reason": failure.reason,
        "dead_attempts": str(failure.attempts),
        "dead_first_at": failure.first_at.isoformat(),
        "dead_at": datetime.now(UTC).isoformat(),
        "dead_redrives": headers.get(REDRIVE_NUMBER, "0"),
        **_about(failure.event),
    }


def _about(event: Event | None) -> dict[str, str]:
    # Derived ids, too: a foreign record does not say which job it became.
    if not isinstance(event, JobEvent):
        return {}
    named = {
        "dead_event_id": event.event_id,
        "dead_job_id": event.job_id,
        "dead_batch_id": event.batch_id,
        "dead_user_id": event.user_id,
        "dead_run": event.run,
    }
    return {name: str(value) for name, value in named.items() if value is not None}


@cache
def release() -> str:
    """Return the version that runs."""
    try:
        return version("bolt-ia")
    except PackageNotFoundError:
        return "0.0.0"
