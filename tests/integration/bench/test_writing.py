import pytest

from bench.emulators import writing
from bench.emulators.languages import wanted


@pytest.mark.parametrize(
    ("system", "prompt", "language"),
    [
        ("You write in the language pt-BR and in no other.", "Title: in English", "pt"),
        ("", "Write about 300 characters, in German.", "de"),
        ("", "The script, part 1 of 2, in pt-BR: ... Adapt this part to ja-JP.", "ja"),
        ("", "Escreva em português.", "pt"),
        ("", "Answer in the language Brazilian Portuguese (pt-BR).", "pt"),
        ("", '{"locale": "fr-CA"}', "fr"),
        ("", "Translate to cmn-CN", "cmn"),
        ("", "Good morning", "en"),
    ],
)
def test_finds_the_language_that_is_wanted(system: str, prompt: str, language: str) -> None:
    assert wanted(system, prompt) == language


@pytest.mark.parametrize(
    ("prompt", "characters"),
    [
        ("Write about 1200 characters.", 1_200),
        ("Entre 1.000 e 2.000 caracteres", 1_500),
        ("about 100 words", 600),
        ("a narration of 2 minutes", 1_680),
        ("1. One (900 characters). Write about 300 characters.", 300),
        ("Write.", 600),
    ],
)
def test_finds_the_length_that_is_wanted(prompt: str, characters: int) -> None:
    assert writing.brief("", prompt, "x").characters == characters


@pytest.mark.parametrize("language", ["pt", "de", "ja", "th", "ar"])
@pytest.mark.parametrize("characters", [200, 1_500, 9_000])
def test_a_passage_is_about_as_long_as_asked(language: str, characters: int) -> None:
    text = writing.passage(language, characters, "x")

    assert abs(len(text) - characters) < max(60, 0.05 * characters)


def test_a_passage_has_the_paragraphs_asked_for() -> None:
    asked = writing.brief("", "about 900 characters. Keep its 4 paragraphs.", "x")

    text = writing.passage("pt", asked.characters, "x", paragraphs=asked.paragraphs)

    assert text.count("\n\n") == 3


def test_a_language_without_samples_is_english() -> None:
    assert " the " in writing.passage("xx", 300, "x")
