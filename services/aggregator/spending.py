"""What events say was spent, as rows. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from shared.catalogue import prices
from shared.events import AudioReady, JobEvent, ScriptAdapted, ScriptGenerated

STAGES: dict[type[JobEvent], str] = {
    ScriptGenerated: "scripter",
    ScriptAdapted: "adapter",
    AudioReady: "narrator",
}


def spent(steps: Iterable[JobEvent], homes: dict[UUID, UUID]) -> Iterator[dict[str, Any]]:
    """Yield a row for every provider that was really called.

    Args:
        steps: What happened to jobs.
        homes: The batch each job is in.
    """
    for event in steps:
        for position, usage in enumerate(getattr(event, "usage", ())):
            if usage.calls > 0:
                yield {
                    "event_id": event.event_id,
                    "position": position,
                    "job_id": event.job_id,
                    "batch_id": homes[event.job_id],
                    "user_id": event.user_id,
                    "language": event.language,
                    "stage": STAGES.get(type(event)) or getattr(event, "stage", ""),
                    "at": event.occurred_at,
                    # A usage's own attributes: `model_dump` costs ten times as much.
                    **usage.__dict__,
                    "cost_usd": usage.cost_usd or prices.cost(usage),
                }
