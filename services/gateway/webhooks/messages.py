"""From an event to what a user is told. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args
from uuid import UUID, uuid5

from pydantic_core import to_json

from shared.events import BatchesCompleted, BatchesProgress, Event, JobsFailed
from shared.vocabulary import BatchState

EventType = Literal[
    "batch.completed",
    "batch.completed_with_errors",
    "batch.failed",
    "batch.cancelled",
    "batch.budget_reached",
    "job.failed",
]
EVENT_TYPES: tuple[str, ...] = get_args(EventType)
PING = "webhook.ping"
BUDGET_REACHED = "batch.budget_reached"
DISABLED = "webhook.disabled"
# What a stage says of a job that its user cancelled: that is no failure.
CANCELLED_CODE = "cancelled"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told.

    Attributes:
        origin: What the ids of its deliveries are derived from: the same for every repeat.
    """

    origin: UUID
    user_id: UUID
    type: str
    at: datetime
    data: dict[str, Any]

    @property
    def body(self) -> str:
        """Return the message as webhooks get it."""
        at = self.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return to_json({"type": self.type, "timestamp": at, "data": self.data}).decode()

    @property
    def is_shown(self) -> bool:
        """Return whether the web UI shows it: one line a batch, not one a job."""
        return not self.type.startswith("job.")


def message_of(event: Event) -> Message | None:
    """Return what a user is told of `event`; None where it is nothing to tell."""
    match event:
        case BatchesCompleted():
            return Message(
                event.event_id, event.user_id, _ending(event.state), event.occurred_at,
                {
                    "batch_id": str(event.batch_id),
                    "state": event.state,
                    "counts": event.counts.model_dump(),
                    "seconds": round(event.seconds, 3),
                },
            )  # fmt: skip
        case BatchesProgress(paused_because="budget", budget_usd=budget):
            return Message(
                # It says so again and again: once for each budget that is used up.
                uuid5(event.batch_id, f"budget/{budget}"), event.user_id, BUDGET_REACHED,
                event.occurred_at,
                {
                    "batch_id": str(event.batch_id),
                    "state": event.state,
                    "budget_usd": budget,
                    "counts": event.counts.model_dump(),
                },
            )  # fmt: skip
        case JobsFailed(code=code) if code != CANCELLED_CODE:
            return Message(
                event.event_id, event.user_id, "job.failed", event.occurred_at,
                {
                    "job_id": str(event.job_id),
                    "batch_id": str(event.batch_id) if event.batch_id else None,
                    "title": event.title,
                    "language": event.language,
                    "stage": event.stage,
                    "code": event.code,
                    "reason": event.reason[:2_000],
                },
            )  # fmt: skip
    return None


def _ending(state: BatchState) -> str:
    return f"batch.{state.value}"
