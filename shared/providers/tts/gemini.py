"""Gemini's own speech models, over the Gemini Developer API (`google-genai`).

Other voices, prices and quotas than the Gemini-TTS of Cloud Text-to-Speech, which `google`
speaks; the keys are those that write. A text is spoken as it stands: how to speak travels
beside it.
"""

import asyncio
from contextlib import aclosing

from pydantic import Field, SecretStr

from shared import quota
from shared.errors import RefusedError
from shared.providers.tts.base import Checked, TextToSpeech
from shared.vendors.gemini.settings import GeminiSettings

# Its place where a user names nobody; the lowest is asked first.
PREFERENCE = 20

# Somebody waits for it.
CHECK_SECONDS = 20.0


class Settings(GeminiSettings):
    """What Gemini's speech can be told from outside."""

    gemini_tts_timeout_seconds: float = Field(
        default=180.0, gt=0, description="How long one segment may take."
    )


def configured() -> bool:
    return Settings().configured


def create() -> TextToSpeech:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.tts._gemini_client import Gemini

    settings = Settings()
    if not (configured() or quota.takes_stored()):
        raise RefusedError("gemini: set GEMINI_API_KEYS to use its voices")
    return Gemini(
        quota.create("gemini", settings.keys),
        base_url=settings.gemini_base_url,
        api_version=settings.gemini_api_version,
        seconds=settings.gemini_tts_timeout_seconds,
    )


async def check(secret: SecretStr) -> Checked:
    from shared.providers.tts._gemini_client import Gemini

    settings = Settings()

    def ready() -> Gemini:
        return Gemini(
            quota.create("gemini", (), stored=False),
            base_url=settings.gemini_base_url,
            api_version=settings.gemini_api_version,
            seconds=CHECK_SECONDS,
        )

    async with aclosing(await asyncio.to_thread(ready)) as gemini:
        try:
            await gemini.check(secret.get_secret_value())
        except quota.ProviderError as error:
            return Checked(error.verdict, str(error))
    return Checked()
