"""Texts as they may come in: JSON and Python allow characters that nothing else can keep."""

from typing import Annotated

from pydantic import AfterValidator


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
Text = Annotated[str, AfterValidator(_storable)]
