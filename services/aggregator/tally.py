"""What a batch adds up to: its counts, and the state that follows from them. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.aggregator.rules import Job
from shared.events import JobEvent
from shared.vocabulary import (
    SYSTEM_USER,
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
    parked: int = 0
    budget_waits: int = 0
    provider_calls: int = 0
    characters: int = 0
    audio_seconds: float = 0.0
    started_at: datetime | None = None
    updated_at: datetime | None = None
    # Of the earliest event of a job: when, its title and its user.
    first: tuple[datetime, str, UUID] | None = None
    paused: bool | None = None
    resumed_at: datetime | None = None
    budget_usd: float | None = None
    # The order, and when it was given.
    cancelled: tuple[UUID, datetime] | None = None

    def add_queued(self, jobs: int) -> None:
        """Count jobs that are new."""
        self.states[JobState.QUEUED] += jobs
        self.waiting += jobs

    def add(self, job: Job, *, sign: int) -> None:
        """Count `job` in, or out again (`sign=-1`): once before it changes and once after."""
        self.states[job.state] += sign
        self.waiting += sign * (job.waiting and not job.paused)
        self.in_flight += sign * job.in_flight
        self.parked += sign * (job.parked_for is not None)
        self.budget_waits += sign * (job.parked_for == "budget")
        self.provider_calls += sign * job.provider_calls
        self.characters += sign * (job.characters or 0)
        self.audio_seconds += sign * _exact(job.audio_seconds or 0.0)
        if job.started_at and (self.started_at is None or job.started_at < self.started_at):
            self.started_at = job.started_at
        self.touch(job.updated_at)

    def touch(self, at: datetime | None) -> None:
        """Note that something happened at that moment."""
        self.updated_at = _later(self.updated_at, at)

    def meet(self, at: datetime, life: Iterable[JobEvent]) -> None:
        """Note the beginning of a job: the earliest names a batch that nobody submitted."""
        if self.first is None or at <= self.first[0]:
            told = [(at, event.title, event.user_id) for event in life]
            self.first = min(told if self.first is None else (self.first, *told))


@dataclass(slots=True)
class Batch:
    """A batch as the fold needs it."""

    batch_id: UUID
    user_id: UUID = SYSTEM_USER
    name: str = ""
    # None: nobody submitted it, or not yet.
    mode: str | None = None
    state: BatchState = BatchState.QUEUED
    paused: bool = False
    resumed_at: datetime | None = None
    budget_usd: float | None = None
    cancelled_by: UUID | None = None
    cancelled_at: datetime | None = None
    counts: Counter[JobState] = field(default_factory=Counter)
    waiting: int = 0
    in_flight: int = 0
    parked: int = 0
    budget_waits: int = 0
    provider_calls: int = 0
    characters: int = 0
    audio_seconds: float = 0.0
    endings: int = 0
    created_at: datetime | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Return whether every job of it has."""
        return self.state in TERMINAL_BATCH_STATES

    def apply(self, change: Change) -> None:
        """Move the counts, and with them the state."""
        self.counts.update(change.states)
        self.waiting += change.waiting
        self.in_flight += change.in_flight
        self.parked += change.parked
        self.budget_waits += change.budget_waits
        self.provider_calls += change.provider_calls
        self.characters += change.characters
        self.audio_seconds = _exact(self.audio_seconds + change.audio_seconds)
        if change.started_at and (self.started_at is None or change.started_at < self.started_at):
            self.started_at = change.started_at
        self._obey(change)
        self.updated_at = _later(self.updated_at, change.updated_at)
        if change.first:
            self._name(*change.first)
        # Where the budget is used up, all that could go on needs more of it first.
        paused = self.paused or self.budget_waits > 0
        before, self.state = self.state, state_of(self.counts, paused=paused)
        if self.has_ended and self.state is not before:
            self.endings += 1

    def _obey(self, change: Change) -> None:
        if change.paused is not None:
            self.paused = change.paused
        self.resumed_at = change.resumed_at or self.resumed_at
        self.budget_usd = change.budget_usd or self.budget_usd
        if change.cancelled and self.cancelled_by is None:
            self.cancelled_by, self.cancelled_at = change.cancelled

    def end(self, last: datetime | None) -> None:
        """Set when it ended: with its last job; None where more arrived and it runs again."""
        self.completed_at = last if self.has_ended else None

    def _name(self, at: datetime, title: str, user_id: UUID) -> None:
        # Whichever of its jobs is heard of first: the name goes by when they began.
        unnamed = not self.name or self.created_at is None
        if self.mode is None and (unnamed or (at, title) < (self.created_at, self.name)):
            self.created_at, self.name, self.user_id = at, title, user_id


def _exact(seconds: float) -> float:
    # To the microsecond, so that a sum is the same in whatever order it was added up.
    return round(seconds, 6)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return other if one is None or (other is not None and other > one) else one


def paused_because(*, paused: bool, budget_waits: int, ended: bool) -> str | None:
    """Return who or what keeps a batch from going on: "user", "budget" or nothing."""
    if ended:
        return None
    if paused:
        return "user"
    return "budget" if budget_waits else None


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
