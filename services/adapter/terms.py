"""Which terms an adaptation owes its author, and which of them it lacks. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

_NO_EDGES = "\u0900"


def owed(source: str, glossary: Mapping[str, str], kept: Iterable[str]) -> dict[str, str]:
    """Return how each term that `source` holds must appear, by the term.

    Args:
        source: The text to adapt.
        glossary: How terms are said in the other language.
        kept: Terms that stay as they are; what the glossary says comes first.
    """
    wanted = {term: term for term in kept} | dict(glossary)
    return {
        term: said for term, said in wanted.items() if term.strip() and said and _in(term, source)
    }


def missing(text: str, wanted: Mapping[str, str]) -> list[str]:
    """Return the terms of `wanted` that `text` does not hold as they must appear."""
    plain = _plain(text)
    # Inside a word too: many languages hang their endings on names.
    return [term for term, said in wanted.items() if _plain(said) not in plain]


def _in(term: str, text: str) -> bool:
    wanted = re.escape(_plain(term))
    # Scripts from there on mostly write no spaces, so a word has no visible edge.
    before = r"(?<!\w)" if term[0] < _NO_EDGES else ""
    after = r"(?!\w)" if term[-1] < _NO_EDGES else ""
    return re.search(before + wanted + after, _plain(text)) is not None


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
