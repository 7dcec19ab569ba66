"""Finds languages and voices. Loaded at the first question; `install` lays news over it.

Three files hold the data. `languages.json` is kept by hand: one line per language, and a
column for each engine that has one voice per language. `servers.json`, by hand too: providers
that speak with any voice that their server has, named "openai:pt-BR:nova". `voices.json` has
one line per provider, family and language; `python -m shared.catalogue._convert` writes it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from shared.catalogue.words import Language, Voice, base
from shared.errors import InvalidRequestError

HERE = Path(__file__).parent

# Engines with one voice per language: what is the same for all of theirs.
SINGLES: dict[str, dict[str, str]] = {
    "espeak": {"gender": "male"},
    "gtts": {"launch_stage": "Unofficial"},
    "tone": {"name": "sine"},
}

Key = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Catalogue:
    languages: tuple[Language, ...]
    # By lower-case code, and by the other codes people write for it ("zh-CN").
    by_code: dict[str, Language]
    by_id: dict[str, Voice]
    # By (language, provider); None stands for any.
    casts: dict[Key, tuple[Voice, ...]]
    # By provider: those that speak with any voice that their server has.
    servers: dict[str, dict[str, Any]]


# What providers said of their voices since the files were written, by lower-case id.
_news: dict[str, Voice] = {}


def install(voices: Iterable[Voice]) -> None:
    """Let `voices` stand over those of the files, and beside them, from now on."""
    news = {voice.id.lower(): voice for voice in voices}
    _news.clear()
    _news.update(news)
    _catalogue.cache_clear()


def bundled(provider: str) -> tuple[Voice, ...]:
    """Return a provider's voices as the files have them, whatever was installed since."""
    return tuple(voice for voice in _of_the_files() if voice.provider == provider)


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
    if (found := _catalogue().by_id.get(id.lower()) or _of_a_server(id)) is None:
        # Comparing with every voice there is would take longer than a person waits.
        start = base(id.rpartition(":")[2])
        there = [voice.id for voice in voices() if base(voice.language) == start]
        near = _near(id, there or [voice.id for voice in voices(provider="espeak")])
        raise InvalidRequestError(f"no voice {id!r} in the catalogue{near}")
    return found


def _of_a_server(id: str) -> Voice | None:
    provider, _, rest = id.partition(":")
    code, _, name = rest.partition(":")
    server = _catalogue().servers.get(provider)
    language = _catalogue().by_code.get(code.lower())
    return _served(server, language.code, name) if server and language and name else None


def _code(code: str) -> str:
    return language(code).code


def _near(word: str, known: list[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    same_base = [name for name in by_lower if base(name) == base(word)]
    # Of a bare language, its regions are meant, and not another language of similar letters.
    near = same_base[:3] if "-" not in word else []
    near = near or get_close_matches(word.lower(), by_lower, n=3, cutoff=0.6) or same_base[:3]
    return f"; nearest: {', '.join(by_lower[name] for name in near)}" if near else ""


@cache
def _catalogue() -> _Catalogue:
    rows: list[dict[str, Any]] = json.loads((HERE / "languages.json").read_bytes())
    servers: list[dict[str, Any]] = json.loads((HERE / "servers.json").read_bytes())
    casts: dict[Key, list[Voice]] = defaultdict(list)
    by_id: dict[str, Voice] = {}
    known = {row["code"] for row in rows}
    for voice in _with_news(_voices(rows, servers)):
        if voice.language not in known:
            continue
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
    tuples = {key: tuple(cast) for key, cast in casts.items()}
    return _Catalogue(found, by_code, by_id, tuples, {row["provider"]: row for row in servers})


def _of_the_files() -> Iterator[Voice]:
    for row in json.loads((HERE / "voices.json").read_bytes()):
        yield from _cast(row)


def _with_news(voices: Iterable[Voice]) -> Iterator[Voice]:
    new = dict(_news)
    for voice in voices:
        yield new.pop(voice.id.lower(), voice)
    yield from new.values()


def _language(row: dict[str, Any], voices: int) -> Language:
    return Language(
        code=row["code"],
        name=row["name"],
        name_pt=row["name_pt"],
        voices=voices,
        characters_per_second=row["characters_per_second"],
    )


def _voices(languages: list[dict[str, Any]], servers: list[dict[str, Any]]) -> Iterator[Voice]:
    yield from _of_the_files()
    for row in languages:
        for provider, single in SINGLES.items():
            if name := single.get("name") or row.get(provider):
                yield _single(provider, row["code"], **single | {"name": name})
        for server in servers:
            if base(row["code"]) in server["speaks"].split():
                yield _served(server, row["code"], "")


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


def _single(provider: str, code: str, **more: str) -> Voice:
    id = f"{provider}:{code}"
    return Voice(id=id, provider=provider, family=provider, language=code, **more)


def _served(server: dict[str, Any], code: str, name: str) -> Voice:
    provider = server["provider"]
    return Voice(
        id=f"{provider}:{code}:{name}" if name else f"{provider}:{code}",
        provider=provider,
        family=server["family"],
        language=code,
        name=name or server["voice"],
    )
