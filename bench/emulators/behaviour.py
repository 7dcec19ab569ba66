"""What the emulators do beyond answering: how late, how often, how wrong."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_serializer

from bench.emulators.identity import masked
from bench.emulators.kinds import Kind

Provider = Literal["*", "gemini", "tts", "openai"]
Operation = Literal[
    "*", "generate", "stream", "speech", "chat", "synthesize", "streaming", "voices", "count"
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Latency(_Part):
    """How long an operation takes: lognormal, by median and sigma."""

    operation: Operation = "*"
    median: float = Field(default=0.0, ge=0, description="Seconds.")
    sigma: float = Field(default=0.0, ge=0, description="Of the logarithm; 0 is constant.")
    containing: str = Field(default="", description="Only requests whose text has this in it.")


class Quota(_Part):
    """What a project may ask of a model. Each project and model is counted apart."""

    provider: Provider = "*"
    project: str = "*"
    model: str = Field(default="*", description="A model; of Cloud TTS, a family: chirp3-hd.")
    rpm: int | None = Field(default=None, ge=0, description="Requests a minute.")
    tpm: int | None = Field(default=None, ge=0, description="Input tokens a minute.")
    rpd: int | None = Field(default=None, ge=0, description="Requests a day.")
    concurrency: int | None = Field(default=None, ge=0, description="Requests at once.")
    tier: Literal["free", "paid"] = "paid"


class Fault(_Part):
    """Something that goes wrong: with some of the calls that match, or the next few."""

    kind: Kind
    provider: Provider = "*"
    operation: Operation = "*"
    project: str = "*"
    model: str = "*"
    key: SecretStr | None = Field(default=None, description="A key, or the start of its sha256.")
    containing: str = Field(default="", description="Only requests whose text has this in it.")
    rate: float = Field(default=1.0, ge=0, le=1, description="Of the calls that match.")
    skip: int = Field(default=0, ge=0, description="Let so many calls pass first.")
    next: int | None = Field(default=None, ge=0, description="Only so many times.")

    @field_serializer("key")
    def _masked(self, key: SecretStr | None) -> str | None:
        return None if key is None else masked(key.get_secret_value())


class Behaviour(_Part):
    """Everything that may be set, at the start or by `POST /_control`."""

    seed: int = 0
    latency: tuple[Latency, ...] = ()
    time_scale: float = Field(
        default=1.0, gt=0, description="Latencies are divided by it: 10 is ten times as fast."
    )
    minute_seconds: float = Field(
        default=60.0, gt=0, description="How long a quota's minute lasts."
    )
    window: Literal["sliding", "fixed"] = Field(
        default="sliding", description="Any minute, or minutes that begin on the minute."
    )
    quotas: tuple[Quota, ...] = Field(default=(), description="The first that matches counts.")
    faults: tuple[Fault, ...] = Field(default=(), description="The first that strikes counts.")
    projects: dict[str, str] = Field(
        default_factory=dict, description="Projects by key, or by the start of its sha256."
    )
    require_key: bool = Field(default=False, description="Refuse calls that carry no key.")
    hang_seconds: float = Field(default=3_600.0, gt=0, description="How long a hang lasts.")
    truncated_to: float = Field(default=0.4, gt=0, lt=1, description="What is left of audio.")
    repeated_times: int = Field(default=3, ge=2, description="How often audio is said over.")
    thoughts: int = Field(default=32, ge=0, description="Thinking tokens of each answer.")

    @field_serializer("projects")
    def _masked(self, projects: dict[str, str]) -> dict[str, str]:
        return {masked(key): project for key, project in projects.items()}
