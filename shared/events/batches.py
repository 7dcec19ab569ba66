"""What happens to a batch as a whole."""

from typing import ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared import topics
from shared.events.base import BatchEvent
from shared.topics import Topic
from shared.vocabulary import ArtefactRef, BatchCounts, BatchRequest, BatchState, JobState


class BatchesSubmitted(BatchEvent):
    """A batch as it was accepted, whole. Published by gateway."""

    topic: ClassVar[Topic] = topics.BATCHES_SUBMITTED

    user_id: UUID
    # By reference once the request outgrows what a broker takes in one record.
    request: BatchRequest | None = None
    request_ref: ArtefactRef | None = None
    total_jobs: int


class BatchesControl(BatchEvent):
    """A user's order about a batch, or about one job of it. Published by gateway."""

    topic: ClassVar[Topic] = topics.BATCHES_CONTROL

    # A deleted batch is cancelled, and forgotten.
    action: Literal["pause", "resume", "cancel", "retry", "delete"]
    job_id: UUID | None = None
    # Of a retry: the run that begins. Of a cancellation: the run that ends.
    run: int | None = Field(default=None, ge=1)
    # What the batch may cost from now on. Every order about a batch repeats it: only the
    # newest order is kept.
    budget_usd: float | None = Field(default=None, gt=0)

    @property
    def key(self) -> bytes:
        """Return the id of what is ordered about: only the newest order counts."""
        return str(self.job_id or self.batch_id).encode()

    @model_validator(mode="after")
    def _retry_names_a_run(self) -> Self:
        if self.action == "retry" and (self.job_id is None or self.run is None):
            raise ValueError("a retry names a job (job_id) and the run that begins (run)")
        if self.action == "delete" and self.job_id is not None:
            raise ValueError("only a whole batch is deleted: leave out job_id")
        return self


class BatchesProgress(BatchEvent):
    """How a batch stands, `seq` by `seq`. Published by aggregator, once a second at most."""

    topic: ClassVar[Topic] = topics.BATCHES_PROGRESS

    user_id: UUID
    seq: int
    state: BatchState
    # "user", or "budget"; only while it is paused.
    paused_because: str | None = None
    budget_usd: float | None = None
    counts: BatchCounts
    by_language: dict[str, dict[JobState, int]] = Field(default_factory=dict)
    provider_calls: int = 0
    audio_seconds: float = 0.0
    jobs_per_minute: float = 0.0
    remaining_seconds: float | None = None


class BatchesCompleted(BatchEvent):
    """A batch ended. Published by aggregator."""

    topic: ClassVar[Topic] = topics.BATCHES_COMPLETED

    user_id: UUID
    state: BatchState
    counts: BatchCounts
    seconds: float
