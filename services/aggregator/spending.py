"""What events say was spent, as rows. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shared.catalogue import prices
from shared.events import AudioReady, JobEvent, ScriptAdapted, ScriptGenerated
from shared.vocabulary import Usage

STAGES: dict[type[JobEvent], str] = {
    ScriptGenerated: "scripter",
    ScriptAdapted: "adapter",
    AudioReady: "narrator",
}


class Expense(NamedTuple):
    """What one provider was paid for one event: a row of `usage`, in the order of its columns."""

    event_id: UUID
    position: int
    job_id: UUID
    batch_id: UUID
    user_id: UUID
    language: str
    stage: str
    provider: str
    model: str
    domain: str
    calls: int
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: float
    cost_usd: float
    at: datetime


def spent(life: Iterable[JobEvent], job_id: UUID, batch_id: UUID) -> Iterator[Expense]:
    """Yield what every provider that was really called was paid.

    Args:
        life: What happened to a job.
        job_id: The job.
        batch_id: The batch it is in.
    """
    for event in life:
        if usage := getattr(event, "usage", ()):
            yield from _paid(event, usage, job_id, batch_id)


def _paid(
    event: JobEvent, usage: Sequence[Usage], job_id: UUID, batch_id: UUID
) -> Iterator[Expense]:
    stage = STAGES.get(type(event)) or str(getattr(event, "stage", ""))
    for position, each in enumerate(usage):
        if each.calls > 0:
            yield Expense(
                event.event_id,
                position,
                job_id,
                batch_id,
                event.user_id,
                event.language,
                stage,
                each.provider,
                each.model,
                each.domain,
                each.calls,
                each.input_tokens,
                each.output_tokens,
                each.characters,
                each.audio_seconds,
                each.cost_usd or prices.cost(each),
                event.occurred_at,
            )
