"""What a model answers to a part of a script."""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from services.adapter.parts import PARAGRAPHS
from shared.errors import TransientError
from shared.providers.llm import clean
from shared.vocabulary import ReadingNote


class Answer(BaseModel):
    """A part, adapted. Only the text must be there: the rest is a help."""

    model_config = ConfigDict(extra="ignore")

    text: str
    adaptations: list[str] = []
    reading_notes: list[ReadingNote] = []
    chapter_titles: list[str] = []

    @field_validator("adaptations", "chapter_titles", mode="before")
    @classmethod
    def _lines(cls, value: Any) -> Any:
        return [each for each in value if isinstance(each, str)] if _is_list(value) else []

    @field_validator("reading_notes", mode="before")
    @classmethod
    def _notes(cls, value: Any) -> Any:
        if not _is_list(value):
            return []
        words = ("term", "pronunciation")
        return [
            each
            for each in value
            if isinstance(each, dict) and all(isinstance(each.get(word), str) for word in words)
        ]


def read(text: str) -> Answer:
    """Return the answer that `text` is, with nothing in it that cannot be narrated.

    Raises:
        TransientError: it is none; another try may be.
    """
    try:
        answer = Answer.model_validate_json(text)
    except ValidationError as error:
        raise TransientError("the adaptation is not the JSON asked for") from error
    # Some escape the line breaks of their JSON once too often.
    told = answer.text if PARAGRAPHS.search(answer.text) else answer.text.replace("\\n", "\n")
    cleaned = clean(told).text
    if not cleaned:
        raise TransientError("the adaptation holds nothing to narrate")
    return answer.model_copy(update={"text": cleaned, "reading_notes": _used(answer, cleaned)})


def _used(answer: Answer, text: str) -> list[ReadingNote]:
    """Return the notes on terms that are there, one for each."""
    plain = text.casefold()
    notes = {
        note.term.casefold(): note
        for note in answer.reading_notes
        if note.pronunciation.strip() and note.term.strip() and note.term.casefold() in plain
    }
    return list(notes.values())


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
