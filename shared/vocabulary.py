"""The words of the product that events carry: frozen values, no behaviour but their shape."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

# A text of another system may travel inside an event up to this many UTF-8 bytes.
INLINE_TEXT_BYTES = 100_000
TITLE_CHARACTERS = 1_000

# Redis, PostgreSQL and file names all accept these; "\x00" is what PostgreSQL cannot store.
Title = Annotated[
    str, Field(min_length=1, max_length=TITLE_CHARACTERS, pattern=r"^[^\x00]*\S[^\x00]*$")
]
Language = Annotated[str, Field(min_length=2, max_length=20, examples=["pt-BR"])]
VoiceId = Annotated[str, Field(min_length=1, max_length=100, examples=["pt-BR-Chirp3-HD-Kore"])]


class Word(BaseModel):
    """Base of every value here: frozen, and deaf to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


# Why a stage gives a job back.
ParkReason = Literal["paused", "waiting", "review", "budget"]


class Mode(StrEnum):
    """How titles and languages multiply."""

    EXPAND_LANGUAGES = "expand_languages"
    EXPAND_TITLES = "expand_titles"
    MATRIX = "matrix"


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    SCRIPTING = "scripting"
    ADAPTING = "adapting"
    AWAITING_REVIEW = "awaiting_review"
    NARRATING = "narrating"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchState(StrEnum):
    """Where a batch stands. It ends when every job has."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    AWAITING_REVIEW = "awaiting_review"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    FAILED = "failed"
    CANCELLED = "cancelled"


TERMINAL_JOB_STATES = frozenset({JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED})
TERMINAL_BATCH_STATES = frozenset(
    {
        BatchState.COMPLETED,
        BatchState.COMPLETED_WITH_ERRORS,
        BatchState.FAILED,
        BatchState.CANCELLED,
    }
)


class ArtefactRef(Word):
    """Where an immutable object lies, and how to tell that it is the one meant."""

    key: str
    sha256: str
    bytes: int
    media_type: str


class Agent(Word):
    """A persona: how scripts sound, and how they are fitted to each language."""

    name: str = "default"
    language: Language = "en-US"
    premise_prompt: str = ""
    persona_prompt: str = ""
    block_structure_prompt: str = ""
    cultural_adaptation_prompt: str = ""
    target_languages: tuple[Language, ...] = ()
    cultural_configs: dict[str, str] = Field(default_factory=dict)
    # By language: how a term is said there.
    glossary: dict[str, dict[str, str]] = Field(default_factory=dict)
    # Names and terms that stay as they are in every language.
    do_not_translate: tuple[str, ...] = ()
    default_voices: dict[str, VoiceId] = Field(default_factory=dict)


class AudioFormat(StrEnum):
    """What the audio is encoded as."""

    MP3 = "mp3"
    OPUS = "opus"
    FLAC = "flac"
    WAV = "wav"


class Profile(StrEnum):
    """Where the audio will be published: decides its loudness and its peak."""

    PODCAST = "podcast"
    YOUTUBE = "youtube"
    BROADCAST = "broadcast"
    ACX = "acx"


class Options(Word):
    """What a user may ask of every job of a batch."""

    target_minutes: float | None = Field(default=None, gt=0, le=180)
    target_characters: int | None = Field(default=None, ge=100, le=200_000)
    speaking_rate: float = Field(default=1.0, ge=0.25, le=2.0)
    pitch_semitones: float = Field(default=0.0, ge=-12.0, le=12.0)
    # How to speak, in words; for voices that take direction.
    style: str = Field(default="", max_length=500)
    format: AudioFormat = AudioFormat.MP3
    profile: Profile = Profile.PODCAST
    # Languages whose texts are narrated only once somebody has approved them.
    review: tuple[Language, ...] = Field(default=(), max_length=200)
    # Whether another model may write where the first of the settings cannot, and whether another
    # voice of the same language may speak where the one that was chosen cannot.
    other_models: bool = True
    other_voices: bool = False
    # What the batch may cost, in US dollars at list price.
    budget_usd: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.target_minutes is not None and self.target_characters is not None:
            raise ValueError("give target_minutes or target_characters, not both")
        return self


class Target(Word):
    """A language, and the voice that speaks it."""

    language: Language
    voice: VoiceId


class Variation(Word):
    """An independent telling of a title.

    Attributes:
        number: From 1; what a user sees.
        aspect: What makes this telling different ("hook: a question"); empty for the plain one.
    """

    number: int = Field(default=1, ge=1, le=20)
    aspect: str = Field(default="", max_length=300)


class Row(Word):
    """One job, asked for by itself: a line of a spreadsheet.

    Attributes:
        position: Its place in the batch, from 0; a batch that is added to goes on counting.
        options: Where they are others than the batch's.
        text: What is narrated, as it stands; where there is none it is written.
    """

    position: int = Field(ge=0)
    title: Title
    language: Language
    voice: VoiceId
    variation: int = Field(default=1, ge=1)
    aspect: str = ""
    options: Options | None = None
    text: str | None = None


class BatchRequest(Word):
    """A batch as it was accepted, nothing left to decide.

    Titles x targets x variations, or rows: jobs that are listed one by one.
    """

    mode: Mode
    titles: tuple[Title, ...] = ()
    targets: tuple[Target, ...] = ()
    variations: tuple[Variation, ...] = (Variation(),)
    agent: ArtefactRef
    script_language: Language
    options: Options = Options()
    name: str = ""
    rows: tuple[Row, ...] = ()
    # By language: why its voice was chosen, where nobody was named.
    voice_reasons: dict[str, str] = Field(default_factory=dict)

    @property
    def total_jobs(self) -> int:
        """Return how many jobs the batch expands to."""
        return len(self.titles) * len(self.targets) * len(self.variations) + len(self.rows)


class Chapter(Word):
    """A part of a script.

    Attributes:
        title: What it is called; never spoken.
        paragraph: The paragraph of the text it begins at, from 0.
    """

    title: str
    paragraph: int = Field(ge=0)


class ReadingNote(Word):
    """How a term is to be read aloud."""

    term: str
    pronunciation: str


class Attempt(Word):
    """A try that failed, or had to wait. Without a delay no other follows it."""

    at: AwareDatetime
    code: str
    reason: str
    delay_seconds: float | None = None


class Usage(Word):
    """What one stage spent on one job. Zero calls when a stored artefact served.

    Attributes:
        domain: The quota domain (provider project) that served, where there is one.
        cost_usd: At list price, in US dollars.
    """

    provider: str
    model: str = ""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    characters: int = 0
    audio_seconds: float = 0.0
    domain: str = ""
    cost_usd: float = 0.0


class Resume(Word):
    """The event that sets a parked job going again, and where it is to be published."""

    topic: str
    event: dict[str, Any]


class BatchCounts(Word):
    """How many jobs of a batch stand in each state."""

    total: int = 0
    queued: int = 0
    scripting: int = 0
    adapting: int = 0
    awaiting_review: int = 0
    narrating: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0


SYSTEM_USER = UUID(int=0)
