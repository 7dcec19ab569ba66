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

from services.narrator.cuts import Cut, kept
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
        sentences: As they are shown, with the space that follows each. Longer than a voice's
            limit, one is cut.
        said: The same sentences as they are spoken, where that is something else.
    """

    sentences: tuple[str, ...]
    said: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the segment's part of the text, as it stands there."""
        return "".join(self.sentences)

    @property
    def spoken(self) -> str:
        """Return what a voice is given to speak."""
        return "".join(self.said or self.sentences).strip()

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


@dataclass(frozen=True, slots=True)
class _Limit:
    bytes: int
    letters: int
    say: Callable[[str], str]

    def size(self, text: str) -> _Size:
        said = self.say(text)
        wide = len(_WIDE.findall(said))
        return _Size(len(said.encode()), len(said) + (_WIDE_LETTERS - 1) * wide)

    def allows(self, size: _Size) -> bool:
        return size.bytes <= self.bytes and size.letters <= self.letters


def split(
    text: str,
    *,
    language: str,
    max_bytes: int,
    say: Callable[[str], str] = str,
    before: Cut = (),
) -> tuple[Segment, ...]:
    """Return the segments of `text`.

    Args:
        text: With an empty line between paragraphs.
        language: Whose sentences they are.
        max_bytes: How many UTF-8 bytes a voice takes in one call.
        say: Returns how something is spoken; limits are about that.
        before: How the text was cut before it was edited. What is the same stays as it was, so
            that a longer sentence does not move all that follow.
    """
    limit = _Limit(max_bytes, MOST, say)
    pieces = [piece for sentence in sentences(text, language) for piece in _cut(sentence, limit)]
    groups: list[list[str]] = []
    done = 0
    for start, end in kept(pieces, before):
        groups += [*_grouped(pieces[done:start], limit), pieces[start:end]]
        done = end
    groups += _grouped(pieces[done:], limit)
    return tuple(_segment(group, say) for group in groups)


def _segment(group: list[str], say: Callable[[str], str]) -> Segment:
    said = tuple(map(say, group))
    return Segment(tuple(group), () if said == tuple(group) else said)


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


def halves(text: str, language: str) -> tuple[str, str] | None:
    """Return `text` in two, where it is best cut nearest to its middle; None where nowhere."""
    pieces = list(sentences(text, language))
    for cut in (_CLAUSE.split, _SPACE.split):
        if len(pieces) < 2:
            pieces = [piece for piece in cut(text) if piece]
    places = [len("".join(pieces[:count])) for count in range(1, len(pieces))]
    for place in sorted(places, key=lambda place: abs(place - len(text) / 2)):
        parts = text[:place].strip(), text[place:].strip()
        if all(any(map(str.isalnum, part)) for part in parts):
            return parts
    return None


def _grouped(pieces: Iterable[str], limit: _Limit) -> Iterator[list[str]]:
    group: list[str] = []
    size = _Size(0, 0)
    for piece in pieces:
        length = limit.size(piece)
        if group and not limit.allows(size + length):
            yield group
            group, size = [], _Size(0, 0)
        group.append(piece)
        size += length
        if piece.endswith("\n\n") and size.letters >= ENOUGH:
            yield group
            group, size = [], _Size(0, 0)
    if group:
        yield group


def _cut(sentence: str, limit: _Limit) -> list[str]:
    parts = [sentence]
    for split in (_CLAUSE.split, _SPACE.split, _clusters):
        if all(limit.allows(limit.size(part)) for part in parts):
            break
        parts = [shorter for part in parts for shorter in _shortened(part, split, limit)]
    return parts


def _shortened(
    part: str, split: Callable[[str], list[str | None]] | Callable[[str], list[str]], limit: _Limit
) -> list[str]:
    if limit.allows(limit.size(part)):
        return [part]
    packed: list[list[str]] = []
    size = _Size(0, 0)
    for piece in filter(None, split(part)):
        length = limit.size(piece)
        if not packed or not limit.allows(size + length):
            packed.append([])
            size = _Size(0, 0)
        packed[-1].append(piece)
        size += length
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
