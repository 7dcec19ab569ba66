"""What the routes of /analytics say."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

PERCENT = "Between 0 and 1; null where nothing ended."


class SpentSum(BaseModel):
    """What was spent on something."""

    name: str = Field(description="The group.", examples=["google"])
    calls: int = Field(examples=[1200])
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: float
    cost_usd: float = Field(description="At list price.", examples=[3.6])


class JobsSum(BaseModel):
    """How many jobs, and what became of them."""

    name: str = Field(examples=["pt-BR"])
    jobs: int
    completed: int
    failed: int
    cancelled: int
    audio_seconds: float


class Failures(BaseModel):
    """Jobs that failed alike."""

    stage: str = Field(examples=["narrator"])
    code: str = Field(description="The category.", examples=["refused"])
    jobs: int
    example: str | None = Field(examples=["the voice refused this text"])


class Tries(BaseModel):
    """Single tries that failed or had to wait, whether or not the job completed."""

    stage: str = Field(examples=["narrator"])
    code: str = Field(examples=["rate_limited"])
    tries: int
    jobs: int = Field(description="Of how many jobs.")
    waited_seconds: float


class Bucket(BaseModel):
    """An hour or a day (UTC). Jobs count when they were asked for, calls when they were made."""

    at: datetime
    jobs: int = Field(examples=[40])
    completed: int
    failed: int
    audio_seconds: float
    calls: int
    characters: int
    cost_usd: float


class Figures(BaseModel):
    """What was made and spent."""

    jobs: int = Field(examples=[400])
    completed: int
    failed: int
    cancelled: int
    batches: int
    languages: int
    voices: int
    audio_seconds: float = Field(description="Of completed jobs.")
    cached_jobs: int = Field(description="Completed without a call of a provider.")
    calls: int
    characters: int
    cost_usd: float
    success_rate: float | None = Field(description=PERCENT)
    cached_rate: float | None = Field(description=PERCENT)
    cost_per_audio_hour_usd: float | None
    median_seconds: float | None = Field(description="From a job's first step to its audio.")
    p95_seconds: float | None


class SummaryRead(Figures):
    """The whole on one page."""

    since: datetime
    until: datetime
    previous: Figures = Field(description="The period of the same length before.")
    busiest_day: Bucket | None
    top_languages: list[JobsSum]
    top_voices: list[JobsSum]
    top_failures: list[Failures]
    by_provider: list[SpentSum]
    dearest_batches: list[SpentSum] = Field(description="By their ids.")


class UsageSums(BaseModel):
    """What was spent, the most first; at most 200 groups."""

    since: datetime
    until: datetime
    items: list[SpentSum]


class TrendRead(BaseModel):
    """One bucket for every hour or day, also where nothing happened."""

    since: datetime
    until: datetime
    items: list[Bucket]


class AnswersRead(BaseModel):
    """How a model answered all calls of this installation, in whole hours, for 35 days."""

    calls: int = Field(examples=[1210])
    outcomes: dict[str, int] = Field(
        description="By category: `ok`, or why not.", examples=[{"ok": 1200, "rate_limited": 10}]
    )
    mean_seconds: float | None
    p50_seconds: float | None = Field(description="Interpolated between the bounds of buckets.")
    p95_seconds: float | None


class ProviderSum(BaseModel):
    """What a provider's model was used for, and how it answered."""

    # `model` is what it is called everywhere else, too.
    model_config = ConfigDict(protected_namespaces=())

    provider: str = Field(examples=["google"])
    model: str = Field(examples=["chirp3-hd"])
    calls: int
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: float
    cost_usd: float
    answers: AnswersRead | None = Field(description="Null: nothing is known of it.")


class ProviderSums(BaseModel):
    """By provider and model, what cost most first."""

    since: datetime
    until: datetime
    items: list[ProviderSum]


class ErrorSums(BaseModel):
    """What went wrong, by stage and category."""

    since: datetime
    until: datetime
    failures: list[Failures] = Field(description="Jobs that failed.")
    tries: list[Tries] = Field(description="Tries that failed or waited.")


class PreferencesSum(BaseModel):
    """What is asked for most."""

    since: datetime
    until: datetime
    languages: list[JobsSum]
    voices: list[JobsSum]
