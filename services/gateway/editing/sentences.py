"""A text as its sentences, and back. Pure."""

# ruff: noqa: RUF001 - the punctuation of every script is meant here

import re
from collections.abc import Mapping
from dataclasses import dataclass

from shared.vocabulary import Chapter

_END = re.compile(r"(?<=[.!?…؟۔।॥])[\"'”’»)\]]*\s+|(?<=[。！？])[」』”’）]*|\n+")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, and the space that follows it."""

    index: int
    paragraph: int
    text: str
    space: str


def split(text: str) -> list[Sentence]:
    """Return the sentences of `text`; joined with their spaces, they are the text."""
    found: list[Sentence] = []
    start, paragraph = 0, 0
    for match in _END.finditer(text):
        whole = text[start : match.end()]
        if not whole.strip():
            continue
        bare = whole.rstrip()
        found.append(Sentence(len(found), paragraph, bare, whole[len(bare) :]))
        paragraph += bool(_PARAGRAPHS.search(whole[len(bare) :]))
        start = match.end()
    if start < len(text):
        found.append(Sentence(len(found), paragraph, text[start:], ""))
    return found


def replaced(sentences: list[Sentence], changes: Mapping[int, str]) -> str:
    """Return the text with some sentences changed; an empty one goes, with its space."""
    kept = []
    for sentence in sentences:
        text = " ".join(changes.get(sentence.index, sentence.text).split())
        if sentence.index not in changes:
            text = sentence.text
        if text:
            kept.append(text + sentence.space)
        elif kept and len(sentence.space) > len(kept[-1]) - len(kept[-1].rstrip()):
            # The last of its paragraph: what follows stays a paragraph of its own.
            kept[-1] = kept[-1].rstrip() + sentence.space
    return "".join(kept).strip()


def moved(chapters: tuple[Chapter, ...], before: str, after: str) -> tuple[Chapter, ...]:
    """Return where chapters begin once paragraphs were added or taken away."""
    old, new = _PARAGRAPHS.split(before.strip()), _PARAGRAPHS.split(after.strip())
    if len(old) == len(new):
        return chapters
    found: dict[int, Chapter] = {}
    for chapter in chapters:
        place = _place(chapter.paragraph, old, new)
        found.setdefault(place, chapter.model_copy(update={"paragraph": place}))
    return tuple(found[place] for place in sorted(found))


def _place(paragraph: int, old: list[str], new: list[str]) -> int:
    same = [n for n, text in enumerate(new) if paragraph < len(old) and text == old[paragraph]]
    # As far from the beginning, or as far from the end: whatever is nearer to the same words.
    guess = round(paragraph * len(new) / max(1, len(old)))
    return min(same, key=lambda n: abs(n - guess)) if same else min(guess, len(new) - 1)
