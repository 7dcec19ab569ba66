"""Where the chapters of a script begin in its adaptation. Pure."""

from collections.abc import Sequence

from services.adapter import parts
from services.adapter.parts import Part
from shared.vocabulary import Chapter


def of_part(chapters: Sequence[Chapter], part: Part, *, before: Part | None) -> list[Chapter]:
    """Return the chapters that begin in `part`, with the paragraph of the part they begin at.

    Args:
        chapters: Those of the whole script.
        part: A part of it.
        before: The part before it, where a paragraph may have begun that goes on here.
    """
    begun = before.paragraphs[-1] if before else -1
    return [
        chapter.model_copy(update={"paragraph": part.paragraphs.index(chapter.paragraph)})
        for chapter in chapters
        if chapter.paragraph in part.paragraphs and chapter.paragraph != begun
    ]


def moved(
    chapters: Sequence[Chapter], source: str, text: str, titles: Sequence[str]
) -> list[Chapter]:
    """Return the chapters of `source` as they lie in `text`, its adaptation.

    Paragraph for paragraph where there are as many; else where as large a share of the text
    has been told.

    Args:
        chapters: Those of `source`.
        source: A part of a script.
        text: That part, adapted.
        titles: What the chapters are called there; not used unless there is one for each.
    """
    same = parts.count(source) == parts.count(text)
    shares, new_shares = _shares(source), _shares(text)
    found: list[Chapter] = []
    for number, chapter in enumerate(chapters):
        paragraph = chapter.paragraph
        if not same:
            wanted = shares[min(paragraph, len(shares) - 1)]
            paragraph = min(
                range(len(new_shares)), key=lambda index: abs(new_shares[index] - wanted)
            )
        title = titles[number].strip() if len(titles) == len(chapters) else ""
        if not found or found[-1].paragraph < paragraph:
            found.append(Chapter(title=title or chapter.title, paragraph=paragraph))
    return found


def shifted(chapters: Sequence[Chapter], by: int) -> list[Chapter]:
    """Return `chapters` as they lie after `by` other paragraphs."""
    return [
        chapter.model_copy(update={"paragraph": chapter.paragraph + by}) for chapter in chapters
    ]


def _shares(text: str) -> list[float]:
    """Return how much of `text` has been told where each of its paragraphs begins, 0 to 1."""
    lengths = [len(each) for each in parts.PARAGRAPHS.split(text.strip())]
    return [sum(lengths[:index]) / max(1, sum(lengths)) for index in range(len(lengths))]
