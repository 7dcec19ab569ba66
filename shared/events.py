"""The contract: every event that crosses Kafka, in one file.

Read from top to bottom, this is the pipeline:

    batches.submitted -> jobs.requested -> script.generated -> script.adapted -> audio.ready
                      any stage: jobs.failed, jobs.parked, jobs.progress
    batches.control -> ... -> batches.progress -> batches.completed

Events are facts: frozen, owned by the service that publishes them. One class is one
topic. Adding an optional field is always safe. Renaming, retyping or removing one is
not: write a new class on a new topic (`audio.ready.v2`), publish both, move the
consumers, then delete the old class.

`event_id`, `job_id` and `occurred_at` may be left out by a foreign producer; the runtime
fills them in from the record's own coordinates, so that a redelivery gets the same ones.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, Self
from uuid import UUID, uuid4, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared import topics
from shared.topics import Topic
from shared.vocabulary import (
    INLINE_TEXT_BYTES,
    SYSTEM_USER,
    Agent,
    ArtefactRef,
    Attempt,
    BatchCounts,
    BatchRequest,
    BatchState,
    Chapter,
    JobState,
    Language,
    Options,
    ParkReason,
    ReadingNote,
    Resume,
    Title,
    Usage,
    VoiceId,
)


class Event(BaseModel):
    """What every event carries."""

    # Consumers ignore fields they do not know, so producers may deploy first.
    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: ClassVar[Topic]

    event_id: UUID = Field(default_factory=uuid4)
    caused_by: UUID | None = None
    occurred_at: AwareDatetime = Field(default_factory=lambda: datetime.now(UTC))

    @property
    def key(self) -> bytes:
        """Events with the same key stay in order, on one partition."""
        raise NotImplementedError

    @property
    def subject(self) -> str:
        """Return what the event is about: the CloudEvents `subject`."""
        return self.key.decode()

    def id_of(self, step: str) -> UUID:
        """Return the id of an event that this one causes.

        It depends only on this event and `step`. A redelivered event therefore causes
        the same events again, and consumers can tell.
        """
        return uuid5(self.event_id, step)


class BatchEvent(Event):
    """An event about a batch as a whole."""

    batch_id: UUID

    @property
    def key(self) -> bytes:
        """Return the batch id."""
        return str(self.batch_id).encode()


class JobEvent(Event):
    """What travels with a job from its request to its audio."""

    job_id: UUID
    batch_id: UUID | None = None
    user_id: UUID = SYSTEM_USER
    title: Title
    language: Language
    voice: VoiceId | None = None
    variation: int = Field(default=1, ge=1)
    aspect: str = ""
    agent: Agent | None = None
    agent_ref: ArtefactRef | None = None
    options: Options = Options()
    # Which going of the job this belongs to. A higher run reopens a job that had ended;
    # events of lower runs count no more.
    run: int = Field(default=1, ge=1)
    # How often the job was given back (`jobs.parked`) before this event, in this run.
    parking: int = Field(default=0, ge=0)
    # Tries of this event that failed before it was given back: they still count.
    failed_tries: int = Field(default=0, ge=0)

    @property
    def key(self) -> bytes:
        """Return the job id."""
        return str(self.job_id).encode()

    @property
    def subject(self) -> str:
        """Return the job id, also where the key is another."""
        return str(self.job_id)

    def leads_to(self, step: str) -> dict[str, Any]:
        """Return what the next event of this job inherits: its ids, its job, its cause."""
        job = {name: getattr(self, name) for name in JobEvent.model_fields}
        del job["occurred_at"], job["failed_tries"]
        return job | {"event_id": self.id_of(step), "caused_by": self.event_id}


class TextEvent(JobEvent):
    """A job event that brings a text: stored by us, or inline from another system."""

    script: ArtefactRef | None = None
    text: str | None = None
    chapters: tuple[Chapter, ...] = ()

    @model_validator(mode="after")
    def _text_or_reference(self) -> Self:
        if (self.script is None) == (self.text is None):
            raise ValueError("give exactly one of script (an artefact reference) or text (inline)")
        _limit_inline("text", self.text)
        return self


class BatchesSubmitted(BatchEvent):
    """A batch as it was accepted, whole. Published by gateway."""

    topic: ClassVar[Topic] = topics.BATCHES_SUBMITTED

    user_id: UUID
    # By reference once the request outgrows what a broker takes in one record.
    request: BatchRequest | None = None
    request_ref: ArtefactRef | None = None
    total_jobs: int


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
        _limit_inline("text", self.text)
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


def _limit_inline(name: str, text: str | None) -> None:
    if text is None:
        return
    if not text.strip():
        raise ValueError(f"{name} is empty")
    if (size := len(text.encode())) > INLINE_TEXT_BYTES:
        raise ValueError(f"{name} has {size} bytes; at most {INLINE_TEXT_BYTES} may be inlined")


def _catalog(base: type[Event]) -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for event in base.__subclasses__():
        found |= {event.topic.name: event} if "topic" in vars(event) else _catalog(event)
    return found


CATALOG: dict[str, type[Event]] = _catalog(Event)
