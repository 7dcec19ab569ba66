"""Decides who speaks."""

from shared import catalogue
from shared.catalogue import Choice
from shared.catalogue.words import base
from shared.errors import InvalidRequestError
from shared.events import ScriptAdapted
from shared.providers.tts import Speakers
from shared.vocabulary import Agent


def voice_of(event: ScriptAdapted, agent: Agent, speakers: Speakers) -> Choice:
    """Return the voice that an event asks for, or its agent's, or the best there is; and why.

    Args:
        event: What is to be spoken.
        agent: Its persona.
        speakers: Those that could speak now.

    Raises:
        InvalidRequestError: the language or the voice does not exist, or they do not go together.
    """
    language = catalogue.language(event.language)
    asked = named(event, agent)
    if asked is None:
        return catalogue.choose(language.code, speakers.providers, unwell=speakers.unwell)
    voice = catalogue.voice(asked)
    if base(voice.language) != language.base:
        raise InvalidRequestError(
            f"voice {voice.id!r} speaks {voice.language}, and the text is in {language.code}: "
            "name a voice of the text's language"
        )
    return Choice(voice, "")


def named(event: ScriptAdapted, agent: Agent) -> str | None:
    """Return the voice that somebody named: of the job, or of its agent."""
    return event.voice or agent.default_voices.get(event.language)
