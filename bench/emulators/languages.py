"""Which language a prompt asks for."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shared import catalogue

FALLBACK = "en"
_TAG = re.compile(r"(?<![\w-])([a-z]{2,3})-(?:[A-Z]{2}|[A-Z][a-z]{3}|\d{3})(?![\w-])")
# What comes before the name of a language that is wanted, not just mentioned.
_ORDER = r"(?:language|idioma|língua|lengua|locale|in|into|to|em|para|en|al)"

_BEFORE = r"(?:o |a |the |el |la )?(?:(?:brazilian|european|american|british|latin american) )?"


@dataclass(frozen=True, slots=True)
class Samples:
    """What may be said in a language."""

    sentences: tuple[str, ...]
    combine: tuple[tuple[str, ...], ...]
    joiner: str


@cache
def samples(language: str) -> Samples:
    """Return the samples of a language without region ("pt"), or those of English."""
    entry = _table().get(language) or _table()[FALLBACK]
    return Samples(
        sentences=tuple(entry.get("sentences", ())),
        combine=tuple(tuple(part) for part in entry.get("combine", ())),
        joiner=entry.get("joiner", " "),
    )


def wanted(system: str, prompt: str) -> str:
    """Return the language that is asked for, without its region.

    The system instruction says it first, then the prompt: by an order ("in German", "em
    alemão"), then by a tag ("de-DE"). The last one said in a prompt is the one that holds.
    """
    for find in (_ordered, _tagged):
        for text in (system, prompt):
            if found := find(text):
                return found
    return FALLBACK


def other_than(language: str) -> str:
    """Return a language nobody asked for."""
    return "pt" if language == "en" else "en"


def _ordered(text: str) -> str:
    matches = list(_orders().finditer(text))
    if not matches:
        return ""
    tag, name = matches[-1]["tag"], matches[-1]["name"]
    return _known(tag) if tag else _names()[name.lower()]


def _tagged(text: str) -> str:
    known = [found for tag in _TAG.findall(text) if (found := _known(tag))]
    return known[-1] if known else ""


def _known(tag: str) -> str:
    base = tag.partition("-")[0].lower()
    return base if base in _table() else ""


@cache
def _orders() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _names()), key=len, reverse=True))
    tags = "|".join(sorted(_table(), key=len, reverse=True))
    return re.compile(
        rf"\b{_ORDER}\b[ :=]+[\"'`]?"
        rf"(?:{_BEFORE}(?P<name>{names})\b|(?P<tag>(?:{tags})-\w{{2,4}})\b)",
        re.IGNORECASE,
    )


@cache
def _names() -> dict[str, str]:
    names = {entry["name"].lower(): code for code, entry in _table().items()}
    for each in catalogue.languages():
        if each.base in _table():
            for name in (each.name, each.name_pt):
                names.setdefault(name.partition(" (")[0].lower(), each.base)
    return names | {"português": "pt", "portugués": "pt", "inglés": "en", "español": "es"}


@cache
def _table() -> dict[str, dict[str, Any]]:
    path = Path(__file__).parent / "sentences.json"
    table: dict[str, dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    aliases = {name: entry for entry in table.values() for name in entry.get("aliases", ())}
    return aliases | table
