"""Text to speech. `create(name)` is the only thing services call."""

import sys
from typing import cast

from shared.providers import load, names, projects
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech

__all__ = ["Capabilities", "Speech", "TextToSpeech", "configured", "create", "projects_of"]


def configured() -> tuple[str, ...]:
    """Return who could speak now and may be asked unasked, best first.

    A provider's file says so: it is `configured()`, and it has a `PREFERENCE`, its place.
    """
    here = sys.modules[__name__]
    modules = {name: load(here, name) for name in names(here)}
    ready = [
        (module.PREFERENCE, name)
        for name, module in modules.items()
        if hasattr(module, "PREFERENCE") and module.configured()
    ]
    return tuple(name for _, name in sorted(ready))


def create(name: str) -> TextToSpeech:
    """Return the text-to-speech provider called `name`."""
    return cast(TextToSpeech, load(sys.modules[__name__], name).create())


def projects_of(name: str) -> frozenset[str]:
    """Return the projects in whose quotas the environment's keys of a provider are."""
    return projects(sys.modules[__name__], name)
