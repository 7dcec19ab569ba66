"""What an event does to a job. Pure; the order in which events arrive does not matter.

A job's state follows from the kinds of events that its newest run has had. A higher run
begins it anew; events of lower runs only fill what nothing newer has filled.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, Self
from uuid import UUID

from services.aggregator.seen import Seen, reached
from shared.events import (
    AudioReady,
    BatchesControl,
    JobEvent,
    JobsFailed,
    JobsParked,
    JobsRequested,
    ScriptAdapted,
    ScriptGenerated,
)
from shared.vocabulary import TERMINAL_JOB_STATES, JobState, ParkReason

# What each event alone says of its job.
_SAYS: Mapping[type[JobEvent], int] = {
    JobsRequested: Seen.REQUESTED,
    ScriptGenerated: Seen.GENERATED,
    ScriptAdapted: Seen.ADAPTED,
    AudioReady: Seen.SPOKEN,
}
# What is kept of the newest narration, beside its text.
_SPOKEN = ("audio", "srt", "vtt", "segments", "cut", "voice_used", "voice_reason")
# What a stage says of a job that it stopped because its user wished so.
CANCELLED_CODE = "cancelled"


@dataclass(slots=True)
class Job:
    """A job as the fold needs it.

    Attributes:
        waiting: Not released, and nothing has happened to this run.
        cancel_at: When its user wished it to end.
        parking: The newest time that a stage gave it back, in this run.
        went_on: The newest of those times that it went on from.
        parked_for: Why it is given back and has not gone on; None where it is not.
        park: The event that says so, where this fold brought it.
        writes: Artefacts that this fold brought; others stay as they are.
        script_run: The run that `script` is of; likewise the next two.
    """

    job_id: UUID
    batch_id: UUID
    state: JobState = JobState.QUEUED
    waiting: bool = True
    paused: bool = False
    cancel_at: datetime | None = None
    run: int = 1
    seen: int = 0
    parking: int = 0
    went_on: int = 0
    parked_for: ParkReason | None = None
    position: int = 0
    voice: str | None = None
    provider_calls: int = 0
    characters: int | None = None
    audio_seconds: float | None = None
    audio_sha256: str | None = None
    audio_at: datetime | None = None
    script_run: int = 0
    adapted_run: int = 0
    audio_run: int = 0
    attempts: int = 0
    error_stage: str | None = None
    error_code: str | None = None
    error: str | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    park: JobsParked | None = None
    writes: dict[str, Any] = field(default_factory=dict)

    @property
    def in_flight(self) -> bool:
        """Return whether somebody works on it, or will without being asked again."""
        return not (self.waiting or self.parked_for or self.state in TERMINAL_JOB_STATES)

    def copy(self) -> Self:
        """Return it as it is now, without what this fold brought."""
        return type(self)(*_FIELDS(self))

    def apply(self, event: JobEvent) -> None:
        """Take in what happened to this job."""
        if event.run > self.run:
            self._begin(event.run)
        if self.started_at is None or event.occurred_at < self.started_at:
            self.started_at = event.occurred_at
        self.voice = self.voice or event.voice
        before = self.run, self.seen, self.parking, self.went_on, self.audio_at
        if event.run == self.run:
            # Whatever is known of it, it need not be released any more.
            self.waiting = False
            self.seen &= ~Seen.WITHDRAWN
            self._see(event)
            self._settle(event.occurred_at)
            self._become(event)
        self._keep(event)
        if before != (self.run, self.seen, self.parking, self.went_on, self.audio_at):
            self._touch(event.occurred_at)

    def adopt(self, planned: Mapping[str, Any]) -> None:
        """Take the place that its batch has for it: it was heard of before its batch."""
        self.position = planned["position"]
        self.writes |= {name: planned[name] for name in ("created_at", "text")}
        self._touch(planned["created_at"])

    def order(self, order: BatchesControl) -> None:
        """Take in what its user wants of it. Work that is under way is ended by its stage."""
        self._touch(order.occurred_at)
        match order.action:
            case "cancel":
                if self.run <= (order.run or self.run):
                    self.cancel_at = self.cancel_at or order.occurred_at
            case "retry":
                self.paused = False
                if order.run is not None and order.run > self.run:
                    self._begin(order.run)
                    self.waiting = True
            case action:
                self.paused = action == "pause"
        self._settle(order.occurred_at)

    def _touch(self, at: datetime) -> None:
        # By the events' clock, never by ours: folding the same log again gives the same row.
        if self.updated_at is None or at > self.updated_at:
            self.updated_at = at

    def _become(self, event: JobEvent) -> None:
        """Take what a later run is about: its title, voice or length may have been changed."""
        if event.run == 1:
            return
        self.voice = event.voice or self.voice
        told = ("title", "language", "variation", "aspect", "options")
        self.writes |= {name: getattr(event, name) for name in told}

    def _begin(self, run: int) -> None:
        self.run, self.seen, self.state = run, 0, JobState.QUEUED
        self.parking = self.went_on = self.attempts = 0
        self.parked_for = self.cancel_at = self.completed_at = self.park = None
        self.error_stage = self.error_code = self.error = None
        self.waiting = False

    def _see(self, event: JobEvent) -> None:
        if type(event) is JobsParked:
            self._see_parked(event)
            return
        self.went_on = max(self.went_on, event.parking)
        if said := _SAYS.get(type(event)):
            self.seen |= said
        elif type(event) is JobsFailed:
            if event.code == CANCELLED_CODE:
                self.seen |= Seen.CANCELLED
            else:
                self._see_failed(event)

    def _see_parked(self, event: JobsParked) -> None:
        if event.reason == "review":
            self.seen |= Seen.REVIEWED
        if event.parking > self.parking:
            self.parking, self.parked_for, self.park = event.parking, event.reason, event

    def _see_failed(self, event: JobsFailed) -> None:
        if not self.seen & Seen.FAILED:
            self.seen |= Seen.FAILED
            self.attempts = event.attempts
            self.error_stage, self.error_code = event.stage, event.code
            self.error = event.reason

    def _settle(self, at: datetime) -> None:
        """Let the state follow from what was seen."""
        state = reached(self.seen)
        if self.cancel_at is not None and state not in TERMINAL_JOB_STATES and self._unheld():
            # Nobody works on it who could say so.
            state, at = JobState.CANCELLED, self.cancel_at
        self._end(state, at)
        self.state = state
        if self.parking <= self.went_on or state in TERMINAL_JOB_STATES:
            self.parked_for = self.park = None
        if state is not JobState.FAILED:
            self.error_stage = self.error_code = self.error = None

    def _unheld(self) -> bool:
        if self.waiting:
            self.waiting = False
            self.seen |= Seen.WITHDRAWN
        return bool(self.seen & Seen.WITHDRAWN) or self.parking > self.went_on

    def _end(self, state: JobState, at: datetime) -> None:
        if state not in TERMINAL_JOB_STATES:
            self.completed_at = None
        elif state is not self.state:
            self.completed_at = at
        elif state is JobState.CANCELLED and self.completed_at is not None:
            self.completed_at = min(self.completed_at, at, self.cancel_at or at)

    def _keep(self, event: JobEvent) -> None:
        # By type: `isinstance` and patterns ask a metaclass, which costs more than all of it.
        if type(event) is ScriptGenerated:
            if event.script and event.run > self.script_run:
                self.script_run, self.writes["script"] = event.run, event.script
        elif type(event) is ScriptAdapted:
            self._keep_adapted(event)
        elif type(event) is AudioReady and self._is_newer(event):
            self._keep_audio(event)

    def _keep_adapted(self, event: ScriptAdapted) -> None:
        if event.script and event.run > self.adapted_run:
            self.adapted_run, self.writes["adapted"] = event.run, event.script
            self.writes |= {"chapters": event.chapters, "reading_notes": event.reading_notes}
        elif event.run == self.adapted_run:
            # The audio was heard of first, which does not say how to read.
            self.writes["reading_notes"] = event.reading_notes

    def _keep_audio(self, event: AudioReady) -> None:
        self.audio_run, self.audio_at = event.run, event.occurred_at
        self.characters = event.characters
        self.audio_seconds = event.audio_seconds
        self.audio_sha256 = event.audio.sha256
        if event.run == self.run:
            self.completed_at = event.occurred_at
        if event.run >= self.adapted_run:
            # What was narrated is what the narrator says, whichever of the two came first.
            self.adapted_run, self.writes["adapted"] = event.run, event.script
            self.writes["chapters"] = event.chapters
        self.writes |= {name: getattr(event, name) for name in _SPOKEN}

    def _is_newer(self, event: AudioReady) -> bool:
        """Tell a text that was edited and narrated again from a repeated event."""
        if event.run != self.audio_run or self.audio_at is None:
            return event.run > self.audio_run
        return event.audio.sha256 != self.audio_sha256 and event.occurred_at > self.audio_at


_FIELDS = attrgetter(*(name for name in Job.__slots__ if name != "writes"))
