"""The chapters of a script, as they are heard: what each begins with, and is called."""

# A chapter says the paragraph of the text as it was written; what is not spoken is left out
# afterwards, chapter by chapter, so that no count is ever off.

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.narrator.cuts import Cut
from services.narrator.normalise import spoken
from services.narrator.segments import Segment, split
from shared.vocabulary import Chapter

_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter and its text; the title is empty for what comes before the first chapter."""

    title: str
    text: str


def parts(text: str, chapters: Sequence[Chapter]) -> tuple[Part, ...]:
    """Return the parts of `text` of which anything is spoken, as it is shown."""
    # Of two chapters that begin together, the first names it.
    titles = {chapter.paragraph: chapter.title for chapter in reversed(chapters)}
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    ends = [match.end() for match in _BETWEEN_PARAGRAPHS.finditer(plain)]
    begins = {0: "", **{at: titles[n] for n, at in enumerate([0, *ends]) if n in titles}}
    edges = sorted([*begins, len(plain)])
    found = (Part(begins[start], spoken(plain[start:end])) for start, end in pairwise(edges))
    return tuple(part for part in found if any(map(str.isalnum, part.text)))


def joined(parts: Sequence[Part]) -> str:
    """Return the text of all parts."""
    return "\n\n".join(part.text for part in parts)


def begun(parts: Sequence[Part]) -> tuple[Chapter, ...]:
    """Return where chapters begin in the text of all parts."""
    found: list[Chapter] = []
    paragraph = 0
    for part in parts:
        if part.title:
            found.append(Chapter(title=part.title, paragraph=paragraph))
        paragraph += 1 + len(_BETWEEN_PARAGRAPHS.findall(part.text))
    return tuple(found)


def segmented(
    parts: Sequence[Part],
    *,
    language: str,
    max_bytes: int,
    say: Callable[[str], str],
    before: Cut = (),
) -> tuple[tuple[Segment, ...], dict[int, str]]:
    """Return the segments of all parts, and the titles by the segment that each begins with."""
    segments: list[Segment] = []
    titles: dict[int, str] = {}
    for number, part in enumerate(parts, start=1):
        text = part.text + ("\n\n" if number < len(parts) else "")
        if part.title:
            titles[len(segments)] = part.title
        cut = split(text, language=language, max_bytes=max_bytes, say=say, before=before)
        segments += [segment for segment in cut if any(map(str.isalnum, segment.text))]
    return tuple(segments), titles
