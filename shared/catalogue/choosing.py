"""Chooses who speaks where a user named nobody, and says why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.catalogue import prices
from shared.catalogue.lookup import language, voices
from shared.catalogue.words import Voice
from shared.errors import InvalidRequestError
from shared.vocabulary import Usage

# What a user most likely means who names no voice, best first; the rest come after, as listed.
FAMILIES = ("chirp3-hd", "neural2", "wavenet", "standard")

# What Gemini counts of a second of speech.
AUDIO_TOKENS_A_SECOND = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """Who speaks, and why it is them."""

    voice: Voice
    reason: str


def choose(
    code: str, providers: Sequence[str], *, unwell: Mapping[str, str] | None = None
) -> Choice:
    """Return who speaks a language where nobody was named.

    Args:
        code: A language of the catalogue.
        providers: Those that may speak, best first: their keys are there.
        unwell: By provider: why it had better not be asked now ("its circuit is open"). One
            of these is chosen only where nobody else speaks the language.

    Raises:
        InvalidRequestError: there is no such language, or none of them speaks it.
    """
    tag = language(code).code
    ill = unwell or {}
    casts = [(name, voices(tag, name)) for name in providers if _known(name)]
    able = [(name, cast) for name, cast in casts if cast]
    if not able:
        raise InvalidRequestError(
            f"no voice for language {tag!r} by {', '.join(providers) or 'any provider'}: "
            "name a voice, or set the keys of another speech provider"
        )
    # A stable sort: among the well, and among the ill, the best stays first.
    chosen = min(able, key=lambda entry: entry[0] in ill)
    found = min(chosen[1], key=_preference)
    return Choice(found, _reason(found, providers, ill, [each for each, _ in able]))


def default_voice(language: str, providers: Sequence[str]) -> Voice:
    """Return who speaks `language` where nobody was named. As `choose`, without the reason."""
    return choose(language, providers).voice


def minute_price(voice: Voice) -> float:
    """Return what a minute of `voice` costs in US dollars; 0 where it is free, or not known."""
    usage = Usage(
        provider=voice.provider,
        model=voice.model or voice.family,
        output_tokens=60 * AUDIO_TOKENS_A_SECOND,
        characters=round(60 * language(voice.language).characters_per_second),
        audio_seconds=60,
    )
    return prices.cost(usage)


def _preference(voice: Voice) -> tuple[bool, int, float]:
    families = FAMILIES.index(voice.family) if voice.family in FAMILIES else len(FAMILIES)
    return voice.launch_stage != "GA", families, minute_price(voice)


def _known(provider: str) -> bool:
    try:
        return bool(voices(provider=provider))
    except InvalidRequestError:
        return False


def _reason(
    voice: Voice, providers: Sequence[str], ill: Mapping[str, str], able: Sequence[str]
) -> str:
    before = providers[: providers.index(voice.provider)]
    passed = [
        f"{name} ({ill[name]})" if name in able else f"{name} (does not speak {voice.language})"
        for name in before
    ]
    parts = [f"{voice.id} by {voice.provider}", f"{voice.family}, {voice.launch_stage}"]
    if price := minute_price(voice):
        parts.append(f"about {price:.3f} USD a minute")
    if passed:
        parts.append(f"passed over: {', '.join(passed)}")
    if voice.provider in ill:
        parts.append(f"though {ill[voice.provider]}: nobody else speaks {voice.language}")
    return "; ".join(parts)
