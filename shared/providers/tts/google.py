"""Google Cloud Text-to-Speech: Chirp 3 HD and the older families, and Gemini-TTS.

Keys travel in a header of each request, so one channel serves them all, in turn. Limits
belong to a key's project: `GOOGLE_TTS_API_KEYS=alpha:AIza...,AIza...` says which is whose.
Gemini-TTS takes no plain key; it wants a service account.
"""

import asyncio
from contextlib import aclosing

from pydantic import SecretStr

from shared import quota
from shared.errors import RefusedError
from shared.providers.tts._google_settings import Settings, is_plain, keys
from shared.providers.tts.base import Checked, TextToSpeech

__all__ = ["Settings", "check", "configured", "create", "is_plain", "keys"]

# Its place where a user names nobody; the lowest is asked first.
PREFERENCE = 10


def configured() -> bool:
    settings = Settings()
    credentials = settings.google_application_credentials
    return bool(keys(settings) or credentials or is_plain(settings.google_tts_endpoint))


def create() -> TextToSpeech:
    # The SDK takes a second to import: only those who use it should wait.
    from shared.providers.tts._google_client import Google

    if not (configured() or quota.takes_stored()):
        raise RefusedError(
            "google: set GOOGLE_TTS_API_KEYS, or GOOGLE_APPLICATION_CREDENTIALS, to use its voices"
        )
    settings = Settings()
    given = keys(settings)
    # A channel that a service account signs takes no keys beside it.
    signed = bool(settings.google_application_credentials) and not given
    stored = not signed or is_plain(settings.google_tts_endpoint)
    return Google(settings, quota.create("google", given, stored=stored), with_keys=not signed)


async def check(secret: SecretStr) -> Checked:
    from shared.providers.tts._google_client import Google

    def ready() -> Google:
        return Google(Settings(), quota.create("google", (), stored=False), with_keys=True)

    async with aclosing(await asyncio.to_thread(ready)) as google:
        try:
            await google.check(secret.get_secret_value())
        except quota.ProviderError as error:
            return Checked(error.verdict, str(error))
    return Checked()
