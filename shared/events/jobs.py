"""What happens to a job, from its request to its audio."""

from typing import ClassVar, Self
from uuid import UUID, uuid5

from pydantic import AwareDatetime, Field, model_validator

from shared import topics
from shared.events.base import Event, JobEvent, TextEvent, limit_inline
from shared.topics import Topic
from shared.vocabulary import (
    ArtefactRef,
    Attempt,
    Chapter,
    Language,
    ParkReason,
    ReadingNote,
    Resume,
    Usage,
    VoiceId,
)


class JobsRequested(JobEvent):
    """Please make this job. Published by aggregator, and by any other system."""

    topic: ClassVar[Topic] = topics.JOBS_REQUESTED

    # A script that is ready already: the scripter passes it through.
    text: str | None = None
    text_language: Language | None = None

    @property
    def key(self) -> bytes:
        """Return the id of the master script, which jobs of one title share."""
        origin = self.batch_id or self.job_id
        return str(uuid5(origin, f"{self.title}|{self.variation}")).encode()

    @model_validator(mode="after")
    def _inline_limit(self) -> Self:
        limit_inline("text", self.text)
        return self


class ScriptGenerated(TextEvent):
    """The master script of this job. Published by scripter."""

    topic: ClassVar[Topic] = topics.SCRIPT_GENERATED

    # The language the script is written in; the job's own language where it is left out.
    script_language: Language | None = None
    usage: tuple[Usage, ...] = ()
    history: tuple[Attempt, ...] = ()


class ScriptAdapted(TextEvent):
    """The text to narrate, in the job's language. Published by adapter."""

    topic: ClassVar[Topic] = topics.SCRIPT_ADAPTED

    reading_notes: tuple[ReadingNote, ...] = ()
    # Of a text that was edited: how it was cut when it was last spoken (`AudioReady.cut`), so
    # that what did not change is cut, and found, as before.
    cut_before: ArtefactRef | None = None
    usage: tuple[Usage, ...] = ()
    history: tuple[Attempt, ...] = ()


class AudioReady(JobEvent):
    """The job is spoken. Published by narrator."""

    topic: ClassVar[Topic] = topics.AUDIO_READY

    audio: ArtefactRef
    script: ArtefactRef
    srt: ArtefactRef
    vtt: ArtefactRef
    audio_seconds: float
    characters: int
    segments: int
    # JSON: the pieces of text of each segment, in order; and where chapters begin in `script`.
    cut: ArtefactRef | None = None
    chapters: tuple[Chapter, ...] = ()
    # Who spoke, which is not `voice` where that one could not; and why it was them, where they
    # were not named.
    voice_used: VoiceId | None = None
    voice_reason: str = ""
    # Integrated loudness (ITU-R BS.1770) and true peak, as measured on the result.
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    usage: tuple[Usage, ...] = ()
    history: tuple[Attempt, ...] = ()


class JobsFailed(JobEvent):
    """This job failed for good. Published by whichever stage gave up."""

    topic: ClassVar[Topic] = topics.JOBS_FAILED

    stage: str
    code: str
    reason: str
    attempts: int = 1
    # The stage's tries that failed or had to wait, the oldest first. Events of success carry
    # those before it.
    history: tuple[Attempt, ...] = ()
    # What the stage paid for all the same.
    usage: tuple[Usage, ...] = ()


class JobsParked(JobEvent):
    """A stage gives this job back instead of holding it. Published by any stage.

    Its `parking` is one more than that of the event that is parked, and the same as in
    `resume`: whatever arrives of the job with that number has gone on.

    Attributes:
        reason: "paused": its user wishes so. "waiting": not before `not_before`. "review":
            until somebody has approved its text. "budget": its next call would cost more than
            is left of the batch's budget.
        detail: The same in words, for people.
        usage: What the stage spent before it gave the job back, where `resume` does not say.
    """

    topic: ClassVar[Topic] = topics.JOBS_PARKED

    stage: str
    reason: ParkReason
    parking: int = Field(ge=1)
    not_before: AwareDatetime | None = None
    detail: str = ""
    resume: Resume
    usage: tuple[Usage, ...] = ()
    history: tuple[Attempt, ...] = ()


class JobsProgress(Event):
    """A line of a job's log. Published by any stage; best effort, never relied upon."""

    topic: ClassVar[Topic] = topics.JOBS_PROGRESS

    job_id: UUID
    stage: str
    message: str

    @property
    def key(self) -> bytes:
        """Return the job id."""
        return str(self.job_id).encode()
