"""What a batch adds up to: its counts, and the state that follows from them. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.aggregator.rules import Job
from shared.vocabulary import (
    TERMINAL_BATCH_STATES,
    TERMINAL_JOB_STATES,
    BatchCounts,
    BatchState,
    JobState,
)


@dataclass(slots=True)
class Change:
    """What one fold does to one batch."""

    states: Counter[JobState] = field(default_factory=Counter)
    waiting: int = 0
    in_flight: int = 0
    provider_calls: int = 0
    characters: int = 0
    audio_seconds: float = 0.0
    started_at: datetime | None = None
    paused: bool | None = None
    cancelled_by: UUID | None = None

    def add_queued(self, jobs: int) -> None:
        """Count jobs that are new."""
        self.states[JobState.QUEUED] += jobs
        self.waiting += jobs

    def add(self, job: Job, *, sign: int) -> None:
        """Count `job` in, or out again (`sign=-1`): once before it changes and once after."""
        self.states[job.state] += sign
        self.waiting += sign * (job.waiting and not job.paused)
        self.in_flight += sign * job.in_flight
        self.provider_calls += sign * job.provider_calls
        self.characters += sign * (job.characters or 0)
        self.audio_seconds += sign * (job.audio_seconds or 0.0)
        if job.started_at and (self.started_at is None or job.started_at < self.started_at):
            self.started_at = job.started_at


@dataclass(slots=True)
class Batch:
    """A batch as the fold needs it."""

    batch_id: UUID
    state: BatchState = BatchState.QUEUED
    paused: bool = False
    cancelled_by: UUID | None = None
    counts: Counter[JobState] = field(default_factory=Counter)
    waiting: int = 0
    in_flight: int = 0
    provider_calls: int = 0
    characters: int = 0
    audio_seconds: float = 0.0
    endings: int = 0
    started_at: datetime | None = None
    completed_at: datetime | None = None

    def apply(self, change: Change, *, now: datetime) -> None:
        """Move the counts, and with them the state."""
        self.counts.update(change.states)
        self.waiting += change.waiting
        self.in_flight += change.in_flight
        self.provider_calls += change.provider_calls
        self.characters += change.characters
        self.audio_seconds += change.audio_seconds
        if change.started_at and (self.started_at is None or change.started_at < self.started_at):
            self.started_at = change.started_at
        if change.paused is not None:
            self.paused = change.paused
        self.cancelled_by = self.cancelled_by or change.cancelled_by
        self._settle(now)

    def _settle(self, now: datetime) -> None:
        before, self.state = self.state, state_of(self.counts, paused=self.paused)
        if self.state not in TERMINAL_BATCH_STATES:
            # More jobs arrived for a batch that had ended: it runs again.
            self.completed_at = None
        elif self.state is not before:
            self.endings += 1
            self.completed_at = self.completed_at or now


def state_of(counts: Mapping[JobState, int], *, paused: bool) -> BatchState:
    """Return where a batch with these jobs stands."""
    total = sum(counts.values())
    ended = sum(counts[state] for state in TERMINAL_JOB_STATES)
    if total and ended == total:
        return _ending(counts, total)
    if paused:
        return BatchState.PAUSED
    if total and ended + counts[JobState.AWAITING_REVIEW] == total:
        return BatchState.AWAITING_REVIEW
    return BatchState.QUEUED if counts[JobState.QUEUED] == total else BatchState.RUNNING


def _ending(counts: Mapping[JobState, int], total: int) -> BatchState:
    if counts[JobState.COMPLETED] == total:
        return BatchState.COMPLETED
    if counts[JobState.CANCELLED] == total:
        return BatchState.CANCELLED
    # Nothing came of it, and not only because the user wished so.
    if counts[JobState.COMPLETED] == 0:
        return BatchState.FAILED
    return BatchState.COMPLETED_WITH_ERRORS


def as_counts(counts: Mapping[JobState, int]) -> BatchCounts:
    """Return the counts as events carry them."""
    by_name = {state.value: counts[state] for state in JobState}
    return BatchCounts(total=sum(by_name.values()), **by_name)
