"""What a client may send to have texts narrated, and the batch that it becomes."""

import re
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from services.gateway.drafts import (
    BatchDraft,
    Draft,
    LanguageTag,
    OptionsDraft,
    ProviderName,
    RowDraft,
    VoiceName,
)
from services.gateway.errors import InvalidFieldsError
from services.gateway.narrating.speakers import FALLBACK, Cast
from services.gateway.problems import FieldError
from services.gateway.texts import Text, wrong_with_text
from shared.vocabulary import TITLE_CHARACTERS, Mode

MOST_TEXTS = 500
NAME_CHARACTERS = 200
# Enough to tell one narration from another in a list.
TITLE_LENGTH = 80
_OF_ROW = re.compile(r"/rows/(\d+)/(\w+)")

Narratable = Annotated[
    Text,
    Field(
        min_length=1,
        examples=["Bem-vindos ao curso!"],
        json_schema_extra={"format": "spoken-text"},
    ),
]


class TextDraft(Draft):
    """One text, and what it alone wants."""

    text: Narratable = Field(description="Narrated as it stands; up to 100,000 bytes of UTF-8.")
    title: Text | None = Field(
        default=None,
        max_length=TITLE_CHARACTERS,
        description="What to call it; its first words where left out.",
        examples=[None],
    )
    language: LanguageTag | None = Field(
        default=None, description="BCP 47 tag.", examples=["pt-BR"]
    )
    voice: VoiceName | None = Field(
        default=None, description="An id from /v1/voices.", examples=["espeak:pt-BR"]
    )


class NarrationDraft(Draft):
    """One text, or several, and who speaks."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "Bem-vindos ao curso!", "language": "pt-BR"},
                {
                    "texts": ["Good morning.", {"text": "Bom dia.", "language": "pt-BR"}],
                    "language": "en-US",
                    "options": {"format": "opus"},
                },
            ],
            "oneOf": [
                {"required": [given], "properties": {left_out: {"type": "null"}}}
                for given, left_out in (("text", "texts"), ("texts", "text"))
            ],
        }
    )

    text: Narratable | None = Field(default=None, description="One text; or use `texts`.")
    texts: list[Narratable | TextDraft] | None = Field(
        default=None, min_length=1, max_length=MOST_TEXTS, description=f"At most {MOST_TEXTS}."
    )
    language: LanguageTag | None = Field(
        default=None,
        description="BCP 47 tag, for every text that names none. Left out: the voice's; else "
        "the one that the text reads as.",
        examples=["pt-BR"],
    )
    voice: VoiceName | None = Field(
        default=None,
        description="An id from /v1/voices, for every text that names none.",
        examples=["espeak:pt-BR"],
    )
    provider: ProviderName | None = Field(
        default=None,
        description="Whose voice it should be where none is named: `google`, `gtts`, `espeak` "
        "...; `auto`: whoever serves best.",
        examples=[None],
    )
    options: OptionsDraft = Field(default=OptionsDraft(), description="For every text.")
    name: Text = Field(default="", max_length=200, description="What to call them all.")

    @model_validator(mode="after")
    def _one_or_several(self) -> "NarrationDraft":
        if (self.text is None) == (self.texts is None):
            raise ValueError("give text or texts, one of the two")
        return self

    @property
    def each(self) -> list[TextDraft]:
        """Return the texts, each with what it wants."""
        given = self.texts if self.texts is not None else [self.text or ""]
        return [TextDraft(text=text) if isinstance(text, str) else text for text in given]

    def pointer(self, index: int, field: str) -> str:
        """Return where a field of a text was given: by itself, or for all of them."""
        own = self.texts[index] if self.texts is not None else None
        if isinstance(own, TextDraft) and getattr(own, field, None) is not None:
            return f"/texts/{index}/{field}"
        if field in ("text", "title"):
            return "/text" if self.texts is None else f"/texts/{index}"
        return f"/{field}"

    def renamed(self, pointer: str) -> str:
        """Return where in here a pointer into the rows of the batch leads."""
        found = _OF_ROW.match(pointer)
        return self.pointer(int(found[1]), found[2]) if found else pointer


async def drafted(draft: NarrationDraft, unread: str = FALLBACK) -> BatchDraft:
    """Return the batch that has these texts narrated.

    Raises:
        InvalidFieldsError: nobody can speak them; every reason is in it.
    """
    cast = Cast(draft.language, draft.voice, draft.provider, unread)
    rows: list[RowDraft] = []
    errors: list[FieldError] = []
    for index, one in enumerate(draft.each):
        if wrong := wrong_with_text(one.text):
            errors.append(FieldError(pointer=draft.pointer(index, "text"), detail=wrong))
            continue
        part = await cast.of(one.text, one.language, one.voice)
        if part.wrong:
            errors.append(FieldError(pointer=draft.pointer(index, part.field), detail=part.wrong))
            continue
        rows.append(
            RowDraft(
                title=one.title or title_of(one.text),
                language=part.language,
                voice=part.voice,
                # Two alike are two jobs all the same: each is the answer to one text.
                variation=None,
                aspect="" if index == 0 else f"text {index + 1}",
                text=one.text,
            )
        )
    if errors:
        raise InvalidFieldsError(errors)
    name = draft.name or rows[0].title[:NAME_CHARACTERS]
    return BatchDraft(mode=Mode.MATRIX, rows=rows, options=draft.options, name=name)


def title_of(text: str) -> str:
    """Return the first words of a text, on one line."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    head, _, _ = line[:TITLE_LENGTH].rpartition(" ")
    return f"{head or line[:TITLE_LENGTH]}…"
