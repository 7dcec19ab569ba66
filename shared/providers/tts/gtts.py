"""Google Translate's voice (`gTTS`): free and unofficial. Nobody promises that it will work.

The service is not meant for programs: it answers a hundred characters at a time, and shuts
out addresses that ask for much. So it speaks only where `GTTS_ENABLED` says that it may, and
only for those who name it.
"""

import asyncio
import io
from importlib.util import find_spec

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.catalogue import Voice
from shared.errors import BadSpeechError, RateLimitedError, RefusedError, TransientError
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech
from shared.settings import BaseSettings

# Where it has had enough of an address, it has for a while.
SHUT_OUT_SECONDS = 300.0
TIMEOUT_SECONDS = 30.0

# Ten requests to the service, which do not run side by side.
CAPABILITIES = Capabilities(max_bytes=1_000, concurrency=1, billable=False, formats=("mp3",))


class Settings(BaseSettings):
    """What gTTS can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    gtts_enabled: bool = Field(
        default=False, description="Whether Google Translate's unofficial voice may be used."
    )


class Gtts:
    """Google Translate's voice, one for each language."""

    name = "gtts"

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - all are alike
        return CAPABILITIES

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,  # noqa: ARG002 - it knows slow and not slow
        pitch: float = 0.0,  # noqa: ARG002 - it has no such dial
        style: str = "",  # noqa: ARG002 - it takes no direction
    ) -> Speech:
        return await asyncio.to_thread(_spoken, text, voice.name)

    async def aclose(self) -> None:
        return None


def _spoken(text: str, language: str) -> Speech:
    import requests
    from gtts import gTTS, gTTSError

    from shared.providers.tts import _decoding

    mp3 = io.BytesIO()
    try:
        speech = gTTS(text, lang=language, lang_check=False, timeout=TIMEOUT_SECONDS)
        speech.write_to_fp(mp3)
    except AssertionError as error:
        raise BadSpeechError("gtts: there is nothing to speak in this text") from error
    except gTTSError as error:
        status = error.rsp.status_code if error.rsp is not None else None
        message = f"gtts {status or 'cannot be reached'}: {error}"
        if status == 429:
            raise RateLimitedError(message, retry_after=SHUT_OUT_SECONDS) from error
        if status is None or status >= 500:
            raise TransientError(message) from error
        raise RefusedError(message) from error
    except requests.RequestException as error:
        raise TransientError(f"gtts cannot be reached: {type(error).__name__}") from error
    pcm, sample_rate = _decoding.samples(mp3.getvalue(), by="gtts")
    return Speech(pcm=pcm, sample_rate=sample_rate, model="google-translate")


def configured() -> bool:
    return Settings().gtts_enabled and find_spec("gtts") is not None


def create() -> TextToSpeech:
    if not Settings().gtts_enabled:
        raise RefusedError("gtts: unofficial; set GTTS_ENABLED=true to use it all the same")
    if not configured():
        raise RefusedError("gtts: install the extra `gtts` (package gTTS)")
    return Gtts()
