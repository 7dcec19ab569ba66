"""Lays what a provider says of its voices over what the files know of them. Pure.

A live list knows names, languages and genders. What it does not say, the files do: families
keep their launch stages, and voices that are asked for with a model (which no list names by
language) stay as they are. A voice that is not listed any more stays too, as `Unlisted`: it
may still be named, and nobody is given it unasked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from shared.catalogue.lookup import bundled, languages, voices
from shared.catalogue.words import Voice
from shared.errors import InvalidRequestError

UNLISTED = "Unlisted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a refresh did to the voices of one provider.

    Attributes:
        listed: How many voices the provider named.
        added: Ids that were not in the catalogue.
        changed: Ids of which something else is known now.
        unlisted: Ids that the provider does not name any more.
        unknown_languages: Codes that the catalogue has no language for; their voices are left out.
    """

    listed: int
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unlisted: tuple[str, ...]
    unknown_languages: tuple[str, ...]


def refreshed(provider: str, live: Sequence[Voice]) -> tuple[tuple[Voice, ...], Changes]:
    """Return the voices that differ from the files', and what that changes.

    Args:
        provider: Whose voices.
        live: What it named just now. An empty list is not believed.

    Raises:
        InvalidRequestError: it named no voice.
    """
    if not live:
        raise InvalidRequestError(f"{provider} lists no voices; the catalogue stays as it is")
    known = {language.code for language in languages()}
    before = {voice.id.lower(): voice for voice in voices(provider=provider)}
    files = {voice.id.lower(): voice for voice in bundled(provider)}
    stages = _stages(files.values())
    spoken = {
        voice.id.lower(): _completed(voice, files.get(voice.id.lower()), stages)
        for voice in live
        if voice.language in known
    }
    gone = {
        key: replace(voice, launch_stage=UNLISTED)
        for key, voice in files.items()
        if key not in spoken and not voice.model
    }
    news = {key: voice for key, voice in (spoken | gone).items() if files.get(key) != voice}
    after = files | news
    return tuple(news.values()), _changes(before, after, live, known)


def as_rows(news: Iterable[Voice]) -> list[dict[str, Any]]:
    """Return voices as JSON takes them."""
    return [asdict(voice) for voice in news]


def of_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[Voice, ...]:
    """Return the voices of `rows`; what a newer version wrote beside them is left out."""
    names = Voice.__slots__
    return tuple(Voice(**{name: row[name] for name in names if name in row}) for row in rows)


def _stages(files: Iterable[Voice]) -> dict[str, str]:
    # A family that anybody may use already is so in its new languages too.
    found: dict[str, str] = {}
    for voice in files:
        if found.get(voice.family) != "GA":
            found[voice.family] = voice.launch_stage
    return found


def _completed(voice: Voice, known: Voice | None, stages: Mapping[str, str]) -> Voice:
    if known is None:
        return replace(voice, launch_stage=stages.get(voice.family, "Preview"))
    return replace(known, gender=voice.gender if voice.gender != "neutral" else known.gender)


def _changes(
    before: Mapping[str, Voice], after: Mapping[str, Voice], live: Sequence[Voice], known: set[str]
) -> Changes:
    differing = [voice for key, voice in after.items() if before.get(key) != voice]
    return Changes(
        listed=len(live),
        added=tuple(voice.id for voice in differing if voice.id.lower() not in before),
        changed=tuple(
            voice.id
            for voice in differing
            if voice.id.lower() in before and voice.launch_stage != UNLISTED
        ),
        unlisted=tuple(voice.id for voice in differing if voice.launch_stage == UNLISTED),
        unknown_languages=tuple(sorted({voice.language for voice in live} - known)),
    )
