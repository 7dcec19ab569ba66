"""Text to speech. `create(name)` is the only thing services call."""

import sys
from typing import cast

from shared.providers import load
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech

__all__ = ["Capabilities", "Speech", "TextToSpeech", "configured", "create"]

# Who speaks where a user names no voice, best first; `espeak` needs no key.
PREFERENCE = ("google", "espeak")


def configured() -> tuple[str, ...]:
    """Return the providers of `PREFERENCE` that could speak now: their keys are there."""
    here = sys.modules[__name__]
    return tuple(name for name in PREFERENCE if load(here, name).configured())


def create(name: str) -> TextToSpeech:
    """Return the text-to-speech provider called `name`."""
    return cast(TextToSpeech, load(sys.modules[__name__], name).create())
