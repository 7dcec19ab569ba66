"""A long script in parts that a model can adapt at once. Pure."""

import re

_PARAGRAPHS = re.compile(r"(\n\s*\n)")
_SENTENCES = re.compile(r"(?<=[.!?…])\s+|(?<=[\u3002\uff1f\uff01\u0964])\s*")


def split(text: str, *, limit: int) -> tuple[str, ...]:
    """Return `text` in parts of at most `limit` characters, cut between paragraphs.

    A paragraph longer than that is cut between sentences; a sentence is never cut.
    """
    parts: list[str] = []
    if not text.strip():
        return ()
    for piece, joiner in _pieces(text.strip(), limit):
        if parts and len(parts[-1]) + len(joiner) + len(piece) <= limit:
            parts[-1] += joiner + piece
        else:
            parts.append(piece)
    return tuple(parts)


def _pieces(text: str, limit: int) -> list[tuple[str, str]]:
    pieces: list[tuple[str, str]] = []
    for paragraph in _PARAGRAPHS.split(text)[::2]:
        if len(paragraph) <= limit:
            pieces.append((paragraph, "\n\n"))
            continue
        sentences = [each for each in _SENTENCES.split(paragraph) if each]
        pieces += [(each, " " if index else "\n\n") for index, each in enumerate(sentences)]
    return pieces
