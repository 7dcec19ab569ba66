"""Who speaks where a voice cannot, and its job allows another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from shared import catalogue
from shared.catalogue import Choice, Voice
from shared.errors import (
    InvalidEventError,
    PipelineError,
    RateLimitedError,
    StoppedError,
    TransientError,
    UnavailableError,
    WrongLanguageError,
)
from shared.events import ScriptAdapted
from shared.providers.tts import Speakers
from shared.quota import last_try
from shared.quota.errors import NoKeyError

# So many voices are tried in all: a text that none of them speaks is the text's own fault.
MOST_VOICES = 4

# What a provider said may be long.
REASON_CHARACTERS = 300

# Not of a voice's making, or nothing that another would change.
_NOT_THE_VOICE = (StoppedError, UnavailableError, WrongLanguageError, InvalidEventError)


@dataclass(frozen=True, slots=True)
class StandIns:
    """Chooses another voice of the same language.

    Attributes:
        families: Those that are asked first, best first; the others come after, as listed.
        patience: How many seconds a voice's quota or provider is waited for.
    """

    families: tuple[str, ...] = catalogue.FAMILIES
    patience: float = 300.0

    def instead(
        self,
        event: ScriptAdapted,
        error: PipelineError,
        tried: Sequence[Voice],
        speakers: Speakers,
    ) -> Choice | None:
        """Return who speaks after `error`, and why; None where nobody may, or can.

        Args:
            event: What is to be spoken.
            error: Why the newest of those that were tried cannot.
            tried: Those that could not, oldest first; empty where who was named is not known.
            speakers: Who could speak now.
        """
        wanted = event.options.other_voices and len(tried) < MOST_VOICES
        if not wanted or not self._is_final(error):
            return None
        able = [voice for voice in _cast(event.language, speakers) if _may(voice, error, tried)]
        if not able:
            return None
        gender = tried[0].gender if tried else ""
        found = min(able, key=lambda voice: self._distance(voice, gender, speakers))
        failed = tried[-1].id if tried else event.voice or "the voice that was named"
        why = str(error)[:REASON_CHARACTERS]
        return Choice(found, f"{found.id} speaks instead of {failed}: {why}")

    def _is_final(self, error: PipelineError) -> bool:
        if isinstance(error, _NOT_THE_VOICE):
            return False
        if isinstance(error, RateLimitedError):
            return error.retry_after > self.patience
        return not isinstance(error, TransientError) or last_try.get()

    def _distance(self, voice: Voice, gender: str, speakers: Speakers) -> tuple[bool, float, int]:
        families = self.families
        family = families.index(voice.family) if voice.family in families else math.inf
        return bool(gender) and voice.gender != gender, family, _place(voice, speakers)


def _cast(code: str, speakers: Speakers) -> list[Voice]:
    tag = catalogue.language(code).code
    well = [name for name in speakers.providers if name not in speakers.unwell]
    return [voice for voice in catalogue.voices(tag) if voice.provider in well]


def _may(voice: Voice, error: PipelineError, tried: Sequence[Voice]) -> bool:
    if any(voice.id == each.id for each in tried):
        return False
    # Whoever fails for a key, a model or a server fails for all voices of that family.
    families = tried if isinstance(error, TransientError | NoKeyError) else tried[:-1]
    return all(_kin(voice) != _kin(each) for each in families)


def _kin(voice: Voice) -> tuple[str, str]:
    return voice.provider, voice.model or voice.family


def _place(voice: Voice, speakers: Speakers) -> int:
    return speakers.providers.index(voice.provider)
