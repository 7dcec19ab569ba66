"""Text to speech. `create(name)` is the only thing services call."""

import asyncio
import sys
from collections.abc import Collection
from functools import lru_cache
from typing import cast

from pydantic import SecretStr

from shared.catalogue import Voice
from shared.errors import InvalidRequestError
from shared.providers import load, names, projects
from shared.providers.tts._observed import Observed
from shared.providers.tts._permitted import Permitted
from shared.providers.tts._speakers import Presence, Speakers, SpeakersOf
from shared.providers.tts.base import Capabilities, Checked, ListsVoices, Speech, TextToSpeech
from shared.quota import takes_stored
from shared.quota.standing import Standings

__all__ = [
    "Capabilities",
    "Checked",
    "Presence",
    "Speakers",
    "SpeakersOf",
    "Speech",
    "TextToSpeech",
    "check",
    "configured",
    "create",
    "presence",
    "projects_of",
    "voices",
]


# Sets of providers that users have keys for.
KEYED_REMEMBERED = 256


def configured(keyed: Collection[str] = ()) -> tuple[str, ...]:
    """Return who could speak now and may be asked unasked, best first.

    A provider's file says so: it is `configured()`, and it has a `PREFERENCE`, its place.

    Args:
        keyed: Providers that somebody gave keys for, beside those of the environment.
    """
    here = sys.modules[__name__]
    modules = {name: load(here, name) for name in names(here)}
    ready = [
        (module.PREFERENCE, name)
        for name, module in modules.items()
        if hasattr(module, "PREFERENCE") and (name in keyed or module.configured())
    ]
    return tuple(name for _, name in sorted(ready))


def presence(redis_url: str) -> Presence:
    """Return what knows who may speak for whom, now."""
    here = sys.modules[__name__]
    asked = [name for name in names(here) if hasattr(load(here, name), "PREFERENCE")]

    # The environment stays as it is while a process lives, and to read it for every job takes
    # longer than all else that is done for one whose sound is there already.
    @lru_cache(maxsize=KEYED_REMEMBERED)
    def known(keyed: frozenset[str]) -> tuple[str, ...]:
        return configured(keyed)

    standings = Standings(asked, redis_url, keys=takes_stored())
    return Presence(standings, lambda keyed: known(frozenset(keyed)))


def create(name: str) -> TextToSpeech:
    """Return the text-to-speech provider called `name`."""
    return Permitted(Observed(_opened(name)))


def projects_of(name: str) -> frozenset[str]:
    """Return the projects in whose quotas the environment's keys of a provider are."""
    return projects(sys.modules[__name__], name)


async def voices(name: str) -> tuple[Voice, ...]:
    """Return the voices that the provider called `name` says it has.

    Raises:
        InvalidRequestError: it is not one that can be asked.
        PipelineError: it could not be asked now, or no key may.
    """
    # In a thread: a vendor's SDK may take a second to import.
    provider = await asyncio.to_thread(_opened, name)
    try:
        if not hasattr(provider, "voices"):
            raise InvalidRequestError(f"{name} cannot say which voices it has")
        return await cast(ListsVoices, provider).voices()
    finally:
        await provider.aclose()


async def check(name: str, secret: SecretStr) -> Checked:
    """Try one key with the least request there is, and return what the provider called `name` says.

    Raises:
        InvalidRequestError: that provider takes no keys.
    """
    module = load(sys.modules[__name__], name)
    if not hasattr(module, "check"):
        raise InvalidRequestError(f"{name} takes no keys of users")
    return cast(Checked, await module.check(secret))


def _opened(name: str) -> TextToSpeech:
    return cast(TextToSpeech, load(sys.modules[__name__], name).create())
