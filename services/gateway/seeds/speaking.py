"""Texts to speak by the field names of those days."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.gateway.drafts import LanguageTag, ProviderName, VoiceName
from services.gateway.narrating import NarrationDraft, Told, Wish
from services.gateway.narrating.asking import Narratable
from services.gateway.seeds import states
from services.gateway.store.jobs import Job
from shared.vocabulary import JobState

EXTENSION = ".mp3"
# What is not plainly in another language is Portuguese: it is for courses in Brazil.
UNREAD = "pt-BR"
MOST_TEXTS = 50

_ID = "5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"


class Speaker(BaseModel):
    """Who speaks."""

    model_config = ConfigDict(extra="ignore")

    provider: ProviderName = Field(default="auto", description="`bark`, `gtts`, `auto` ...")
    voice: VoiceName | None = Field(
        default=None, description="As `v2/pt_speaker_2`.", examples=["v2/pt_speaker_2"]
    )
    language: LanguageTag | None = Field(default=None, description="Left out: read off the text.")


class NarrationAsked(Speaker):
    """One text."""

    text: Narratable

    def draft(self) -> NarrationDraft:
        """Return the narration that it is now."""
        return NarrationDraft(
            text=self.text, voice=self.voice, provider=self.provider, language=self.language
        )


class TextsAsked(Speaker):
    """Some texts."""

    texts: Annotated[list[Narratable], Field(min_length=1, max_length=MOST_TEXTS)]

    def draft(self) -> NarrationDraft:
        """Return the narrations that they are now."""
        return NarrationDraft(
            texts=list(self.texts),
            voice=self.voice,
            provider=self.provider,
            language=self.language,
        )


class BatchAsked(TextsAsked):
    """Some texts, and whom to tell."""

    webhook_url: str | None = Field(
        default=None,
        max_length=2_000,
        description="Told of the end. It is kept as a webhook of yours (/v1/webhooks).",
        examples=[None],
    )

    @field_validator("webhook_url")
    @classmethod
    def _none(cls, url: str | None) -> str | None:
        return url or None


class PhrasesAsked(Speaker):
    """Phrases that will be needed."""

    phrases: Annotated[list[Narratable], Field(min_length=1, max_length=MOST_TEXTS)]

    def draft(self) -> NarrationDraft:
        """Return the narrations that they are now."""
        return TextsAsked(texts=self.phrases, **dict(self, phrases=None)).draft()


class NarrationSeen(BaseModel):
    """What became of a text."""

    success: bool = Field(description="Whether there is sound.")
    audio_path: str | None = Field(
        description="Where it is downloaded.", examples=[f"/api/tts/download/{_ID}.mp3"]
    )
    duration: float | None = Field(description="Seconds.", examples=[2.4])
    cached: bool = Field(description="Whether it was there already.")
    error: str | None = Field(description="Why there is none.", examples=[None])
    status: str = Field(examples=["completed"])
    job_id: UUID | None = Field(examples=[_ID])
    voice: str | None = Field(examples=["v2/pt_speaker_2"])
    text: str | None = Field(default=None, description="Its first words.", examples=["Olá!"])

    @classmethod
    def of(cls, job: Job) -> Self:
        """Return how it was shown then."""
        done = job.state is JobState.COMPLETED and job.audio is not None
        return cls(
            success=done,
            audio_path=f"/api/tts/download/{job.job_id}{EXTENSION}" if done else None,
            duration=job.audio_seconds if done else None,
            cached=done and job.provider_calls == 0,
            error=job.error,
            status=states.JOBS[job.state],
            job_id=job.job_id,
            voice=job.voice,
            text=job.title,
        )

    @classmethod
    def unfinished(cls) -> Self:
        """Return what is shown of a text that nothing is known of yet."""
        return cls(
            success=False,
            audio_path=None,
            duration=None,
            cached=False,
            error="it takes longer; ask for the same again",
            status="queued",
            job_id=None,
            voice=None,
        )


class ProgressSeen(BaseModel):
    """How far some texts are."""

    batch_id: UUID = Field(examples=[_ID])
    status: str = Field(
        description="`pending`, `processing`, `completed`, `failed` or `cancelled`.",
        examples=["processing"],
    )
    progress: float = Field(description="Of 100.", examples=[50.0])
    total: int
    completed: int
    failed: int
    results: list[NarrationSeen]

    @classmethod
    def of(cls, told: Told) -> Self:
        """Return how it was shown then."""
        counts = told.batch.counts
        failed = counts.failed + counts.cancelled
        ended = counts.completed + failed
        return cls(
            batch_id=told.batch.batch_id,
            status=states.of_texts(told.batch.state),
            progress=round(100 * ended / counts.total, 2) if counts.total else 0.0,
            total=counts.total,
            completed=counts.completed,
            failed=failed,
            results=[NarrationSeen.of(job) for job in told.jobs],
        )


def wish(seconds: float = 0.0) -> Wish:
    """Return how the answers of those days were wanted."""
    return Wish(wait=seconds, unread=UNREAD)
