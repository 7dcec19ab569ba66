"""What an event does to a job. Pure; the order in which events arrive does not matter.

States have ranks and only rise. Each kind of event counts once per job, so that a repeated
one adds nothing, while the data of a late one still fills what it alone knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag
from typing import Any
from uuid import UUID

from shared.events import (
    AudioReady,
    BatchesControl,
    JobEvent,
    JobsFailed,
    JobsRequested,
    ScriptAdapted,
    ScriptGenerated,
)
from shared.vocabulary import TERMINAL_JOB_STATES, JobState

RANK = {
    state: rank
    for rank, state in enumerate(
        (
            JobState.QUEUED,
            JobState.SCRIPTING,
            JobState.ADAPTING,
            JobState.AWAITING_REVIEW,
            JobState.NARRATING,
            JobState.FAILED,
            JobState.CANCELLED,
            JobState.COMPLETED,
        )
    )
}


class Seen(IntFlag):
    """The kinds of events that a job has had."""

    REQUESTED = 1
    GENERATED = 2
    ADAPTED = 4
    SPOKEN = 8
    FAILED = 16


STEPS: dict[type[JobEvent], tuple[Seen, JobState]] = {
    JobsRequested: (Seen.REQUESTED, JobState.SCRIPTING),
    ScriptGenerated: (Seen.GENERATED, JobState.ADAPTING),
    ScriptAdapted: (Seen.ADAPTED, JobState.NARRATING),
    AudioReady: (Seen.SPOKEN, JobState.COMPLETED),
    JobsFailed: (Seen.FAILED, JobState.FAILED),
}


@dataclass(slots=True)
class Job:
    """A job as the fold needs it.

    Attributes:
        writes: Columns that this fold fills, beside those below; the rest stay as they are.
    """

    job_id: UUID
    batch_id: UUID
    state: JobState = JobState.QUEUED
    waiting: bool = True
    paused: bool = False
    seen: int = 0
    position: int = 0
    voice: str | None = None
    provider_calls: int = 0
    characters: int | None = None
    audio_seconds: float | None = None
    audio_sha256: str | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    completed_at: datetime | None = None
    writes: dict[str, Any] = field(default_factory=dict)

    @property
    def in_flight(self) -> bool:
        """Return whether somebody works on it, or will without being asked again."""
        return not self.waiting and self.state not in TERMINAL_JOB_STATES

    def apply(self, event: JobEvent) -> None:
        """Take in what happened to this job."""
        kind, state = STEPS[type(event)]
        first = not self.seen & kind
        self.seen |= kind
        # Whatever is known of it, it need not be released any more.
        self.waiting = False
        if self.started_at is None or event.occurred_at < self.started_at:
            self.started_at = event.occurred_at
        self._rise(state, event.occurred_at)
        self.voice = self.voice or event.voice
        if first or self._is_newer(event):
            self._touch(event.occurred_at)
            self._count(event)
            self._keep(event)

    def adopt(self, planned: Mapping[str, Any]) -> None:
        """Take the place that its batch has for it: it was heard of before its batch."""
        self.position = planned["position"]
        self.writes["created_at"] = planned["created_at"]
        self._touch(planned["created_at"])

    def order(self, order: BatchesControl) -> None:
        """Take in what its user wants of it. Work that is under way runs out."""
        self._touch(order.occurred_at)
        if order.action == "cancel":
            if self.waiting:
                self.waiting = False
                self._rise(JobState.CANCELLED, order.occurred_at)
        else:
            self.paused = order.action == "pause"

    def _touch(self, at: datetime) -> None:
        # By the events' clock, never by ours: folding the same log again gives the same row.
        if self.updated_at is None or at > self.updated_at:
            self.updated_at = at

    def _rise(self, state: JobState, at: datetime) -> None:
        if RANK[state] > RANK[self.state]:
            self.state = state
            self.completed_at = at if state in TERMINAL_JOB_STATES else None

    def _count(self, event: JobEvent) -> None:
        usage = getattr(event, "usage", ())
        self.provider_calls += sum(max(0, used.calls) for used in usage)

    def _keep(self, event: JobEvent) -> None:
        match event:
            case ScriptGenerated(script=script) if script:
                self.writes["script"] = script
            case ScriptAdapted(script=script) if script and not self.seen & Seen.SPOKEN:
                self.writes["adapted"] = script
            case AudioReady():
                self._keep_audio(event)
            case JobsFailed():
                self.writes |= {
                    "error_stage": event.stage,
                    "error_code": event.code,
                    "error": event.reason,
                    "attempts": event.attempts,
                }

    def _keep_audio(self, event: AudioReady) -> None:
        self.characters = event.characters
        self.audio_seconds = event.audio_seconds
        self.audio_sha256 = event.audio.sha256
        self.completed_at = event.occurred_at
        # What was narrated is what the narrator says, whichever of the two came first.
        self.writes |= {
            "adapted": event.script,
            "audio": event.audio,
            "srt": event.srt,
            "vtt": event.vtt,
            "segments": event.segments,
        }

    def _is_newer(self, event: JobEvent) -> bool:
        """Tell a text that was edited and narrated again from a repeated event."""
        return (
            isinstance(event, AudioReady)
            and event.audio.sha256 != self.audio_sha256
            and self.completed_at is not None
            and event.occurred_at > self.completed_at
        )
