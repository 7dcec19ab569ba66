"""Texts as they may come in: JSON and Python allow characters that nothing else can keep."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

from shared.vocabulary import INLINE_TEXT_BYTES, TITLE_CHARACTERS


def _unicode(text: str) -> str:
    # JSON may hold half of a surrogate pair; no encoding can.
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a text may hold whole Unicode characters only")
    return text


def _storable(text: str) -> str:
    # PostgreSQL keeps any character but this one.
    if "\x00" in text:
        raise ValueError("a text may not hold the NUL character; remove it")
    return _unicode(text)


UnicodeText = Annotated[str, AfterValidator(_unicode)]
# For the keys of an object, whose pattern would be another way to write an object down.
Key = Annotated[str, AfterValidator(_storable)]
Text = Annotated[Key, Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
# What is wrong with a title is said by `planning`, of all of them at once.
Title = Annotated[
    UnicodeText,
    Field(
        json_schema_extra={"minLength": 1, "maxLength": TITLE_CHARACTERS, "format": "title"},
    ),
]


def wrong_with_text(text: str) -> str | None:
    """Return why a text cannot be narrated, or None."""
    if (size := len(text.encode())) > INLINE_TEXT_BYTES:
        return f"a text may have {INLINE_TEXT_BYTES} bytes of UTF-8; this one has {size}: split it"
    # Nobody can say space (Z), punctuation (P) or control characters (C).
    if not any(unicodedata.category(character)[0] not in "ZCP" for character in text):
        return "a text needs at least one letter or number"
    return None
