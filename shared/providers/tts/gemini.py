"""Gemini's own speech models, over the Gemini Developer API (`google-genai`).

Other voices, prices and quotas than the Gemini-TTS of Cloud Text-to-Speech, which `google`
speaks; the keys are those that write. A text is spoken as it stands: how to speak travels
beside it.
"""

import asyncio
from contextlib import aclosing

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared import quota
from shared.errors import RefusedError
from shared.providers.tts.base import Checked, TextToSpeech
from shared.settings import BaseSettings

# Its place where a user names nobody; the lowest is asked first.
PREFERENCE = 20

# Somebody waits for it.
CHECK_SECONDS = 20.0


class Settings(BaseSettings):
    """What Gemini's speech can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    gemini_api_keys: SecretStr = Field(
        default=SecretStr(""), description="Keys, comma-separated: `project:key` or `key`."
    )
    gemini_api_key: SecretStr = Field(default=SecretStr(""), description="The same, for one key.")
    gemini_base_url: str = Field(default="", description="Another endpoint: a proxy, an emulator.")
    gemini_api_version: str = Field(default="v1", description="`v1beta` for `-latest` aliases.")
    gemini_tts_timeout_seconds: float = Field(
        default=180.0, gt=0, description="How long one segment may take."
    )


def keys(settings: Settings) -> tuple[quota.Key, ...]:
    """Return the keys of `settings`, each once, in the order given."""
    given = (settings.gemini_api_keys, settings.gemini_api_key)
    return quota.parse(",".join(secret.get_secret_value() for secret in given))


def configured() -> bool:
    settings = Settings()
    return bool(keys(settings) or settings.gemini_base_url)


def create() -> TextToSpeech:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.tts._gemini_client import Gemini

    settings = Settings()
    if not (configured() or quota.takes_stored()):
        raise RefusedError("gemini: set GEMINI_API_KEYS to use its voices")
    return Gemini(
        quota.create("gemini", keys(settings)),
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
