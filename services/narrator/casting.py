"""Decides who speaks."""

import logging
from collections.abc import Sequence

from shared import catalogue
from shared.catalogue import Voice
from shared.catalogue.words import base
from shared.errors import InvalidRequestError
from shared.events import ScriptAdapted
from shared.vocabulary import Agent

log = logging.getLogger(__name__)


def voice_of(event: ScriptAdapted, agent: Agent, providers: Sequence[str]) -> Voice:
    """Return the voice that an event asks for, or its agent's, or the best there is.

    Args:
        event: What is to be spoken.
        agent: Its persona.
        providers: Those that could speak now, best first.

    Raises:
        InvalidRequestError: the language or the voice does not exist, or they do not go together.
    """
    language = catalogue.language(event.language)
    named = event.voice or agent.default_voices.get(event.language)
    if named is None:
        choice = catalogue.choose(language.code, providers)
        log.info("nobody was named: %s", choice.reason)
        return choice.voice
    voice = catalogue.voice(named)
    if base(voice.language) != language.base:
        raise InvalidRequestError(
            f"voice {voice.id!r} speaks {voice.language}, and the text is in {language.code}: "
            "name a voice of the text's language"
        )
    return voice
