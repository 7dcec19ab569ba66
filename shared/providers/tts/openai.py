"""Any server that speaks OpenAI's speech API: OpenAI itself, Kokoro-FastAPI, LocalAI, openedai.

A voice is named "openai:pt-BR:nova": provider, language, and whatever the server calls it.
One endpoint is all it takes, so it is asked with `httpx2` and no SDK. That is imported by
those who speak: others only ask whether they could.
"""

import asyncio
import re
from typing import TYPE_CHECKING

from pydantic import Field

from shared.catalogue import Voice
from shared.errors import (
    BrokenError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TooLongError,
    TransientError,
)
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech
from shared.vendors.openai.settings import OpenAISettings

if TYPE_CHECKING:
    import httpx2

# Its place where a user names nobody; the lowest is asked first.
PREFERENCE = 30

# An account without credit answers 429 too, and will tomorrow.
SPENT = ("insufficient_quota", "billing_hard_limit_reached", "billing_not_active")
# What servers say to a text that is more than they take.
TOO_LONG = re.compile(r"context_length_exceeded|string_above_max_length|maximum context|too long")


class Settings(OpenAISettings):
    """What an OpenAI-compatible server can be told from outside."""

    openai_tts_base_url: str = Field(
        default="", description="Another such server that speaks; empty: the one above."
    )
    openai_tts_model: str = Field(
        default="", description="The model that speaks there; empty: not used for speaking."
    )
    openai_tts_timeout_seconds: float = Field(
        default=180.0, gt=0, description="How long one segment may take."
    )


class OpenAI:
    """Speaks with whatever model and voices the server has."""

    name = "openai"

    def __init__(self, settings: Settings) -> None:
        from shared.vendors.openai.endpoint import Endpoint

        self._model = settings.openai_tts_model
        base_url = settings.openai_tts_base_url or settings.openai_base_url
        self._url = f"{base_url.rstrip('/')}/audio/speech"
        self._endpoint = Endpoint(
            self._url,
            secret=settings.openai_api_key.get_secret_value(),
            seconds=settings.openai_tts_timeout_seconds,
            answer="speech",
            translate=_translate,
        )

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - it is the model's
        # The gpt models are directed in words, and deaf to `speed`; all others the reverse.
        directed = self._model.startswith("gpt-")
        return Capabilities(
            # The API takes 4,096 characters; OpenAI's newest models 2,000 tokens.
            max_bytes=4_000,
            rate=not directed,
            style=directed,
            model=self._model,
            setup=self._url,
            formats=("wav", "pcm", "flac", "opus", "mp3"),
        )

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,
        pitch: float = 0.0,  # noqa: ARG002 - it has no such dial
        style: str = "",
    ) -> Speech:
        from shared.providers.tts import _decoding

        can = self.capabilities(voice)
        body = {"model": self._model, "voice": voice.name, "input": text, "response_format": "wav"}
        extra: dict[str, object] = {}
        if can.rate and rate != 1.0:
            extra["speed"] = min(4.0, max(0.25, rate))
        if can.style and style:
            extra["instructions"] = style
        answer = await self._endpoint.post(body | extra)
        pcm, sample_rate = await asyncio.to_thread(_decoding.samples, answer, by="openai")
        return Speech(pcm=pcm, sample_rate=sample_rate, model=self._model)

    async def aclose(self) -> None:
        await self._endpoint.aclose()


def _translate(response: "httpx2.Response", secret: str) -> PipelineError:
    from shared.vendors.openai.endpoint import delay

    said = response.text.replace(secret, "***") if secret else response.text
    message = f"openai {response.status_code}: {said[:300]}"
    if response.status_code == 429 and not any(code in said for code in SPENT):
        return RateLimitedError(message, retry_after=delay(response))
    if (kind := _transient(response.status_code)) is not None:
        return kind(message)
    too_long = response.status_code == 413 or TOO_LONG.search(said)
    return TooLongError(message) if too_long else RefusedError(message)


def _transient(code: int) -> type[TransientError] | None:
    if code in (408, 504):
        return TimedOutError
    if code == 500:
        return BrokenError
    return TransientError if code in (409, 425, 499) or code > 500 else None


def configured() -> bool:
    return bool(Settings().openai_tts_model)


def create() -> TextToSpeech:
    settings = Settings()
    if not settings.openai_tts_model:
        raise RefusedError("openai: set OPENAI_TTS_MODEL to the model that should speak")
    return OpenAI(settings)
