"""From a script to its adaptation, part after part."""

from collections.abc import Awaitable, Callable, Sequence

from pydantic import BaseModel

from services.adapter import chapters, parts, prompts
from services.adapter.assignment import Assignment
from services.adapter.editor import AdaptedPart, Editor
from services.adapter.parts import Part
from shared.vocabulary import Chapter, ReadingNote

Make = Callable[[], Awaitable[AdaptedPart]]
# From the number of a part and how to make it to the part, which may have been made before.
Keep = Callable[[int, Make], Awaitable[AdaptedPart]]


class AdaptedScript(BaseModel):
    """A whole adapted script."""

    text: str
    decisions: int
    reading_notes: list[ReadingNote]
    chapters: list[Chapter]
    warnings: list[str]


async def adapt(
    asked: Assignment, script: Sequence[Part], *, editor: Editor, keep: Keep
) -> AdaptedScript:
    """Return the adaptation of a script.

    Args:
        asked: What to adapt, from what to what.
        script: The script in parts.
        editor: Has a part adapted.
        keep: Makes a part, unless an earlier try already has.
    """
    done: list[AdaptedPart] = []
    for number, part in enumerate(script, start=1):
        before = script[number - 2] if number > 1 else None
        wanted = prompts.Part(
            text=part.text,
            number=number,
            parts=len(script),
            tail=done[-1].text if done else "",
            decided=tuple(_decided(done)),
            chapters=tuple(chapters.of_part(asked.chapters, part, before=before)),
        )
        done.append(await keep(number, _making(asked, wanted, editor)))
    return _whole(done)


def _making(asked: Assignment, part: prompts.Part, editor: Editor) -> Make:
    async def make() -> AdaptedPart:
        return await editor.adapt(asked, part)

    return make


def _decided(done: Sequence[AdaptedPart]) -> list[str]:
    lines: list[str] = []
    for part in done:
        lines += part.decisions
        lines += [f"{note.term}: read {note.pronunciation}" for note in part.reading_notes]
    return lines


def _whole(done: Sequence[AdaptedPart]) -> AdaptedScript:
    placed: list[Chapter] = []
    paragraphs = 0
    for part in done:
        placed += chapters.shifted(part.chapters, paragraphs)
        paragraphs += parts.count(part.text)
    notes = {note.term.casefold(): note for part in reversed(done) for note in part.reading_notes}
    return AdaptedScript(
        text="\n\n".join(part.text for part in done),
        decisions=sum(len(part.decisions) + len(part.reading_notes) for part in done),
        reading_notes=list(notes.values()),
        chapters=placed,
        warnings=list(dict.fromkeys(line for part in done for line in part.warnings)),
    )
