import pytest

from shared import catalogue
from shared.errors import InvalidRequestError


@pytest.mark.parametrize(
    ("language", "family"),
    [("pt-BR", "chirp3-hd"), ("fil-PH", "neural2"), ("pt-PT", "wavenet"), ("gl-ES", "standard")],
)
def test_the_default_voice_is_of_the_best_family(language: str, family: str) -> None:
    assert catalogue.default_voice(language, ("google", "espeak")).family == family


def test_the_default_voice_is_by_the_first_provider_that_speaks_the_language() -> None:
    assert catalogue.default_voice("pt-BR", ("espeak", "google")).id == "espeak:pt-BR"
    assert catalogue.default_voice("cy-GB", ("google", "espeak")).id == "espeak:cy-GB"


def test_no_default_voice_where_nobody_present_speaks_the_language() -> None:
    with pytest.raises(InvalidRequestError, match="'jv-JV' by espeak"):
        catalogue.default_voice("jv-JV", ("espeak",))


def test_says_why() -> None:
    choice = catalogue.choose("cy-GB", ("google", "espeak"))

    assert choice.voice.id == "espeak:cy-GB"
    assert "google (does not speak cy-GB)" in choice.reason


def test_who_is_unwell_is_passed_over() -> None:
    choice = catalogue.choose("pt-BR", ("google", "espeak"), unwell={"google": "circuit open"})

    assert choice.voice.id == "espeak:pt-BR"
    assert "google (circuit open)" in choice.reason


def test_who_is_unwell_is_asked_where_nobody_else_speaks_the_language() -> None:
    choice = catalogue.choose("jv-JV", ("google", "espeak"), unwell={"google": "circuit open"})

    assert choice.voice.provider == "google"
    assert "nobody else speaks jv-JV" in choice.reason


def test_a_provider_without_voices_of_its_own_is_no_obstacle() -> None:
    assert catalogue.default_voice("pt-BR", ("acme", "espeak")).provider == "espeak"


@pytest.mark.parametrize(
    ("id", "dollars"),
    [
        ("pt-BR-Chirp3-HD-Kore", 0.01836),
        ("pt-BR-Gemini-Kore", 0.015),
        ("pt-BR-Gemini38-Kore", 0.0135),
        ("espeak:pt-BR", 0),
    ],
)
def test_a_minute_has_a_price(id: str, dollars: float) -> None:
    assert catalogue.minute_price(catalogue.voice(id)) == pytest.approx(dollars)
