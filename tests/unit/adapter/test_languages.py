import pytest

from services.adapter import languages


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("pt-BR", "pt-BR", True),
        ("pt_br", "pt-BR", True),
        ("pt-BR", "pt-PT", False),
        ("xx-YY", "XX-yy", True),
        ("en-US", "xx-YY", False),
    ],
)
def test_language_and_region_must_agree(one: str, other: str, expected: bool) -> None:
    assert languages.same(one, other) is expected


def test_a_text_keeps_its_duration_not_its_length() -> None:
    japanese = languages.length_in("ja-JP", characters=1400, source="pt-BR")

    assert 300 < japanese < 1000


def test_an_unknown_language_keeps_the_length() -> None:
    assert languages.length_in("xx-YY", characters=1000, source="yy-XX") == 1000


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-US", "exact"), ("en-GB", "any English"), ("de-DE", None)],
)
def test_the_nearest_configuration_holds(language: str, expected: str | None) -> None:
    configs = {"EN-us": "exact", "en": "any English"}

    assert languages.configured(configs, language) == expected
