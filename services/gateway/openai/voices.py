"""OpenAI's names of models and voices, and what they stand for here."""

from functools import cache

from shared import catalogue

# Each of these leaves it to the voice; the first name is our own.
MODELS = ("bolt-tts", "tts-1", "tts-1-hd", "gpt-4o-mini-tts")
# They speak every language; whoever speaks the text's language best stands in for them.
NAMES = (
    *("alloy", "ash", "ballad", "coral", "echo", "fable", "marin"),
    *("cedar", "nova", "onyx", "sage", "shimmer", "verse"),
)


def voice_of(name: str) -> str | None:
    """Return the voice of the catalogue that is meant; None for whoever speaks the language."""
    return None if name.lower() in NAMES else name


@cache
def providers() -> tuple[str, ...]:
    """Return who speaks: each is a model of its own."""
    return tuple(sorted({voice.provider for voice in catalogue.voices()}))


def known(model: str) -> bool:
    """Return whether there is such a model."""
    return model in MODELS or model in providers()
