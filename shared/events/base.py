"""What events have in common: ids, keys, what the next one inherits, and texts.

`event_id`, `job_id` and `occurred_at` may be left out by a foreign producer; the runtime
fills them in from the record's own coordinates, so that a redelivery gets the same ones.
"""

from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4, uuid5

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from shared.topics import Topic
from shared.vocabulary import (
    INLINE_TEXT_BYTES,
    SYSTEM_USER,
    Agent,
    ArtefactRef,
    Chapter,
    Language,
    Options,
    Title,
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
        limit_inline("text", self.text)
        return self


def limit_inline(name: str, text: str | None) -> None:
    """Refuse a text of another system that has nothing in it, or too much.

    Raises:
        ValueError: It is empty, or larger than an event may be.
    """
    if text is None:
        return
    if not text.strip():
        raise ValueError(f"{name} is empty")
    if (size := len(text.encode())) > INLINE_TEXT_BYTES:
        raise ValueError(f"{name} has {size} bytes; at most {INLINE_TEXT_BYTES} may be inlined")
