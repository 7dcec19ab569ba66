"""Cuts a text into segments: the unit of speech, of cache, of timing and of cost.

Nothing is lost: the segments of a text, joined, are the text; so are the sentences of a
segment.
"""

# ruff: noqa: RUF001 - the punctuation of every script is meant here

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import sentencex

from shared.catalogue.words import base

# What voices speak best in one go, in letters: less loses the melody of the whole, more tires
# a voice that is a model. A segment may end with a paragraph once it has `ENOUGH`.
ENOUGH, MOST = 800, 1_500

# A Chinese character or a Korean syllable takes as long to say as about three letters.
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff]")
_WIDE_LETTERS = 3

_LINE = re.compile(r"[^\n]+\n*|\n+")
_CLAUSE = re.compile(r"(?<=[,;:،؛—–]\s)|(?<=[、，；：])")
_SPACE = re.compile(r"(?<=\s)")
_SENTENCE = re.compile(r"(?<=[.!?؟۔।॥]\s)|(?<=[。！？])(?![」』”’）])")

# What sentencex calls languages that it knows under another name.
_SENTENCEX_NAMES = {"cmn": "zh", "yue": "zh", "hak": "zh", "nb": "no", "nn": "no", "fil": "tl"}


@dataclass(frozen=True, slots=True)
class Segment:
    """Some sentences that are spoken in one go.

    Attributes:
        sentences: With the space that follows each. Longer than a voice's limit, one is cut.
    """

    sentences: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the segment's part of the text, as it stands there."""
        return "".join(self.sentences)

    @property
    def ends_paragraph(self) -> bool:
        """Whether a listener should hear that something new begins after it."""
        return self.text.endswith("\n\n")


@dataclass(frozen=True, slots=True)
class _Size:
    bytes: int
    letters: int

    def __add__(self, other: "_Size") -> "_Size":
        return _Size(self.bytes + other.bytes, self.letters + other.letters)

    def __le__(self, other: "_Size") -> bool:
        return self.bytes <= other.bytes and self.letters <= other.letters


def split(text: str, *, language: str, max_bytes: int) -> tuple[Segment, ...]:
    """Return the segments of `text`.

    Args:
        text: With an empty line between paragraphs.
        language: Whose sentences they are.
        max_bytes: How many UTF-8 bytes a voice takes in one call.
    """
    limit = _Size(max_bytes, MOST)
    pieces = (piece for sentence in sentences(text, language) for piece in _cut(sentence, limit))
    return tuple(Segment(tuple(group)) for group in _grouped(pieces, limit))


def sentences(text: str, language: str) -> Iterator[str]:
    """Yield the sentences of `text`, each with the space that follows it."""
    name = _SENTENCEX_NAMES.get(base(language), base(language))
    # Line by line: sentencex loses line breaks in texts of more than about 9,600 characters.
    for line in _LINE.findall(text):
        core = line.rstrip("\n")
        found = [sentence for sentence in sentencex.segment(name, core) if sentence]
        if "".join(found) != core:
            found = [sentence for sentence in _SENTENCE.split(core) if sentence]
        yield from found[:-1]
        yield (found[-1] if found else "") + line[len(core) :]


def _grouped(pieces: Iterable[str], limit: _Size) -> Iterator[list[str]]:
    group: list[str] = []
    size = _Size(0, 0)
    for piece in pieces:
        if group and not size + _size(piece) <= limit:
            yield group
            group, size = [], _Size(0, 0)
        group.append(piece)
        size += _size(piece)
        if piece.endswith("\n\n") and size.letters >= ENOUGH:
            yield group
            group, size = [], _Size(0, 0)
    if group:
        yield group


def _cut(sentence: str, limit: _Size) -> list[str]:
    parts = [sentence]
    for split in (_CLAUSE.split, _SPACE.split, _clusters):
        if all(_size(part) <= limit for part in parts):
            break
        parts = [shorter for part in parts for shorter in _shortened(part, split, limit)]
    return parts


def _shortened(
    part: str, split: Callable[[str], list[str | None]] | Callable[[str], list[str]], limit: _Size
) -> list[str]:
    if _size(part) <= limit:
        return [part]
    packed: list[list[str]] = []
    size = limit
    for piece in filter(None, split(part)):
        if not packed or not size + _size(piece) <= limit:
            packed.append([])
            size = _Size(0, 0)
        packed[-1].append(piece)
        size += _size(piece)
    return ["".join(pieces) for pieces in packed]


def _clusters(text: str) -> list[str]:
    # A letter and its marks stay together, and so does what a joiner joins.
    found: list[str] = []
    for character in text:
        joined = bool(found) and (
            unicodedata.category(character).startswith("M")
            or character in "\u200c\u200d"
            or found[-1].endswith("\u200d")
        )
        if joined:
            found[-1] += character
        else:
            found.append(character)
    return found


def _size(text: str) -> _Size:
    wide = len(_WIDE.findall(text))
    return _Size(len(text.encode()), len(text) + (_WIDE_LETTERS - 1) * wide)
