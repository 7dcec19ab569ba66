"""A long script in parts that a model can adapt at once. Pure."""

import re
from dataclasses import dataclass

PARAGRAPHS = re.compile(r"\n\s*\n")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|(?<=[\u3002\uff1f\uff01\u0964])\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a script.

    Attributes:
        text: Whole paragraphs, or sentences of a long one.
        paragraphs: Which of the script's paragraphs its own are, from 0.
    """

    text: str
    paragraphs: tuple[int, ...]


def split(text: str, *, limit: int) -> tuple[Part, ...]:
    """Return `text` in parts of at most `limit` characters, cut between paragraphs.

    A paragraph longer than that is cut between sentences; a sentence is never cut.
    """
    parts: list[Part] = []
    for piece, joiner, paragraph in _pieces(text.strip(), limit):
        last = parts[-1] if parts else None
        if last is None or len(last.text) + len(joiner) + len(piece) > limit:
            parts.append(Part(piece, (paragraph,)))
            continue
        begun = () if joiner == " " else (paragraph,)
        parts[-1] = Part(last.text + joiner + piece, last.paragraphs + begun)
    return tuple(parts)


def count(text: str) -> int:
    """Return how many paragraphs `text` has."""
    return len(PARAGRAPHS.split(text.strip()))


def _pieces(text: str, limit: int) -> list[tuple[str, str, int]]:
    pieces: list[tuple[str, str, int]] = []
    for number, paragraph in enumerate(PARAGRAPHS.split(text) if text else ()):
        if len(paragraph) <= limit:
            pieces.append((paragraph, "\n\n", number))
            continue
        sentences = [each for each in _SENTENCES.split(paragraph) if each]
        pieces += [(each, " " if index else "\n\n", number) for index, each in enumerate(sentences)]
    return pieces
