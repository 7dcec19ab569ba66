"""The voices that Cloud Text-to-Speech lists, as the catalogue knows voices."""

from collections.abc import Iterable, Iterator
from typing import Any

from shared.catalogue import Voice

_GENDERS = {"FEMALE": "female", "MALE": "male"}


def read(listed: Iterable[Any]) -> tuple[Voice, ...]:
    """Return the voices of an answer to `ListVoices`.

    Gemini-TTS voices are left out: the list has their bare names, under one language of the
    many they speak.
    """
    return tuple(voice for each in listed for voice in _voice(each))


def _voice(listed: Any) -> Iterator[Voice]:
    code = next(iter(listed.language_codes), "")
    start, rest = listed.name[: len(code) + 1], listed.name[len(code) + 1 :]
    family, dash, _ = rest.rpartition("-")
    if code and dash and start.lower() == f"{code}-".lower():
        yield Voice(
            id=listed.name,
            provider="google",
            family=family.lower(),
            language=code,
            name=listed.name,
            gender=_GENDERS.get(listed.ssml_gender.name, "neutral"),
        )
