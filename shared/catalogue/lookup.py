"""Finds languages and voices. Loaded at the first question, once, and never changed.

Two files hold the data. `languages.json` is kept by hand: one line per language, and a
column for each engine that has one voice per language. `voices.json` has one line per
provider, family and language; `python -m shared.catalogue._convert` writes it.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from shared.catalogue.words import Language, Voice, base
from shared.errors import InvalidRequestError

HERE = Path(__file__).parent

# What a user most likely means who names no voice, best first; the rest come after, as listed.
FAMILIES = ("chirp3-hd", "neural2", "wavenet", "standard")

Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    languages: tuple[Language, ...]
    # By lower-case code, and by the other codes people write for it ("zh-CN").
    by_code: dict[str, Language]
    by_id: dict[str, Voice]
    # By (language, provider); None stands for any.
    casts: dict[Key, tuple[Voice, ...]]


def languages() -> tuple[Language, ...]:
    """Return every language somebody speaks, in the order of their codes."""
    return _catalogue().languages


def language(code: str) -> Language:
    """Return the language called `code`, in whatever case.

    Raises:
        InvalidRequestError: there is none; the message names the nearest.
    """
    if (found := _catalogue().by_code.get(code.lower())) is None:
        near = _near(code, [language.code for language in languages()])
        raise InvalidRequestError(f"no language {code!r} in the catalogue{near}")
    return found


def voices(language: str | None = None, provider: str | None = None) -> tuple[Voice, ...]:
    """Return the voices of a language, of a provider, of both, or all.

    Raises:
        InvalidRequestError: there is no such language, or nobody by that provider.
    """
    casts = _catalogue().casts
    if provider is not None and (None, provider) not in casts:
        known = ", ".join(sorted(name for code, name in casts if code is None and name))
        raise InvalidRequestError(f"no voices by provider {provider!r}; there are: {known}")
    code = None if language is None else _code(language)
    return casts.get((code, provider), ())


def voice(id: str) -> Voice:
    """Return the voice called `id`, in whatever case.

    Raises:
        InvalidRequestError: there is none; the message names the nearest.
    """
    if (found := _catalogue().by_id.get(id.lower())) is None:
        # Comparing with every voice there is would take longer than a person waits.
        start = base(id.rpartition(":")[2])
        there = [voice.id for voice in voices() if base(voice.language) == start]
        near = _near(id, there or [voice.id for voice in voices(provider="espeak")])
        raise InvalidRequestError(f"no voice {id!r} in the catalogue{near}")
    return found


def default_voice(language: str, providers: Sequence[str]) -> Voice:
    """Return who speaks `language` where nobody was named.

    Args:
        language: A code of the catalogue.
        providers: Those that may speak, best first.

    Raises:
        InvalidRequestError: there is no such language, or none of them speaks it.
    """
    code = _code(language)
    for provider in providers:
        if cast := _catalogue().casts.get((code, provider)):
            return min(cast, key=_preference)
    raise InvalidRequestError(
        f"no voice for language {code!r} by {', '.join(providers) or 'any provider'}: "
        "name a voice, or set the keys of another speech provider"
    )


def _preference(voice: Voice) -> tuple[bool, int]:
    families = FAMILIES.index(voice.family) if voice.family in FAMILIES else len(FAMILIES)
    return voice.launch_stage != "GA", families


def _code(code: str) -> str:
    return language(code).code


def _near(word: str, known: list[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    same_base = [name for name in by_lower if base(name) == base(word)]
    near = get_close_matches(word.lower(), by_lower, n=3, cutoff=0.6) or same_base[:3]
    return f"; nearest: {', '.join(by_lower[name] for name in near)}" if near else ""


@cache
def _catalogue() -> _Catalogue:
    rows: list[dict[str, Any]] = json.loads((HERE / "languages.json").read_bytes())
    casts: dict[Key, list[Voice]] = defaultdict(list)
    by_id: dict[str, Voice] = {}
    for voice in _voices(rows):
        by_id[voice.id.lower()] = voice
        for code in (None, voice.language):
            casts[code, None].append(voice)
            casts[code, voice.provider].append(voice)
    found = tuple(_language(row, len(casts[row["code"], None])) for row in rows)
    names = zip(rows, found, strict=True)
    by_code = {
        name.lower(): language
        for row, language in names
        for name in (language.code, *row.get("aliases", ()))
    }
    return _Catalogue(found, by_code, by_id, {key: tuple(cast) for key, cast in casts.items()})


def _language(row: dict[str, Any], voices: int) -> Language:
    return Language(
        code=row["code"],
        name=row["name"],
        name_pt=row["name_pt"],
        voices=voices,
        characters_per_second=row["characters_per_second"],
    )


def _voices(languages: list[dict[str, Any]]) -> Iterator[Voice]:
    for row in json.loads((HERE / "voices.json").read_bytes()):
        yield from _cast(row)
    for row in languages:
        if name := row.get("espeak"):
            yield _single("espeak", row["code"], name=name, gender="male")
        yield _single("tone", row["code"], name="sine")


def _cast(row: dict[str, Any]) -> Iterator[Voice]:
    model = row.get("model", "")
    for gender in ("female", "male", "neutral"):
        for name in row.get(gender, "").split():
            id = row["prefix"] + name
            yield Voice(
                id=id,
                provider=row["provider"],
                family=row["family"],
                language=row["language"],
                # Where a model is asked for by name, voices are too, without their language.
                name=name if model else id,
                model=model,
                gender=gender,
                launch_stage=row.get("launch_stage", "GA"),
            )


def _single(provider: str, code: str, *, name: str, gender: str = "neutral") -> Voice:
    id = f"{provider}:{code}"
    return Voice(id=id, provider=provider, family=provider, language=code, name=name, gender=gender)
