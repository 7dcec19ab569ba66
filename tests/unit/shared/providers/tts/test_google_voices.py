from types import SimpleNamespace
from typing import Any

import pytest

from shared.catalogue import Voice
from shared.providers.tts._google_voices import read


def listed(name: str, code: str, gender: str = "FEMALE") -> Any:
    return SimpleNamespace(
        name=name, language_codes=[code], ssml_gender=SimpleNamespace(name=gender)
    )


@pytest.mark.parametrize(
    ("name", "code", "family"),
    [
        ("pt-BR-Chirp3-HD-Kore", "pt-BR", "chirp3-hd"),
        ("fil-ph-Neural2-A", "fil-PH", "neural2"),
        ("cmn-CN-Standard-B", "cmn-CN", "standard"),
    ],
)
def test_a_name_says_its_family(name: str, code: str, family: str) -> None:
    (voice,) = read([listed(name, code)])

    assert voice == Voice(
        id=name, provider="google", family=family, language=code, name=name, gender="female"
    )


def test_bare_names_and_voices_without_a_language_are_left_out() -> None:
    nameless = SimpleNamespace(name="Kore", language_codes=[], ssml_gender=None)

    assert read([listed("Kore", "en-US"), nameless]) == ()


def test_an_unspecified_gender_is_neutral() -> None:
    (voice,) = read([listed("pt-BR-Standard-A", "pt-BR", "SSML_VOICE_GENDER_UNSPECIFIED")])

    assert voice.gender == "neutral"
