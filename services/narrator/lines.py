"""Lays text out for a screen: how wide it is, where it may be broken, how it fits two lines."""

# ruff: noqa: RUF001 - the punctuation of every script is meant here

import unicodedata
from functools import cache

COLUMNS = 42
# Twenty characters that are two columns wide.
WIDE_COLUMNS = 40
LINES = 2

_NOT_AT_START = "、。，．！？；：」』）】》”’…ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.!?;:)]}"
_NOT_AT_END = "「『（【《“‘([{"
_CLAUSE_END = ",;:.!?…—–،؛؟۔।॥。、，；：！？"


def columns(text: str) -> int:
    """Return how wide `text` is; a Chinese character is two columns, an accent none."""
    return sum(map(_columns, text))


def room_for(text: str) -> int:
    """Return how many columns a line of `text` may have."""
    return WIDE_COLUMNS if any(_columns(character) == 2 for character in text) else COLUMNS


def breaks(text: str, *, anywhere: bool = False) -> list[int]:
    """Return where `text` may be broken in two: after spaces, and between wide characters.

    Args:
        text: Without line breaks.
        anywhere: Also inside words, though never between a letter and its marks.
    """
    return [
        index
        for index in range(1, len(text))
        if _may_break(text[index - 1], text[index])
        or (anywhere and unicodedata.category(text[index])[0] not in "MZC")
    ]


def ends_clause(text: str, index: int) -> bool:
    """Whether a reader would pause at that place."""
    before = text[:index].rstrip()
    return bool(before) and before[-1] in _CLAUSE_END


def fitted(text: str) -> str | None:
    """Return `text` in one line, or in two of about one width; None where it is too long."""
    room = room_for(text)
    if columns(text) <= room:
        return text
    halves = [(text[:index].rstrip(), text[index:].lstrip()) for index in breaks(text)]
    fitting = [half for half in halves if max(map(columns, half)) <= room]
    if not fitting:
        return None
    return "\n".join(min(fitting, key=lambda half: max(map(columns, half))))


def _may_break(before: str, after: str) -> bool:
    if before.isspace():
        return not after.isspace()
    wide = _columns(before) == 2 or _columns(after) == 2
    return wide and before not in _NOT_AT_END and after not in _NOT_AT_START and not after.isspace()


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
