import pytest

from services.narrator import lines


@pytest.mark.parametrize(
    ("text", "expected"), [("abelha", 6), ("são", 3), ("sa\u0303o", 3), ("東京", 4), ("हिन्दी", 5)]
)
def test_measures_what_is_seen(text: str, expected: int) -> None:
    assert lines.columns(text) == expected


def test_a_short_text_is_one_line() -> None:
    assert lines.fitted("Era uma vez.") == "Era uma vez."


def test_a_longer_one_is_two_of_about_one_width() -> None:
    text = "Era uma vez uma abelha muito pequena que não sabia voar"

    assert lines.fitted(text) == "Era uma vez uma abelha muito\npequena que não sabia voar"


def test_one_that_is_too_long_does_not_fit() -> None:
    assert lines.fitted("uma palavra " * 8) is None
    assert lines.fitted("a" * 43) is None


def test_wide_characters_may_be_broken_anywhere_but_before_punctuation() -> None:
    places = lines.breaks("東京は、雨。")

    assert places == [1, 2, 4]


def test_a_letter_keeps_its_marks_even_when_words_are_broken() -> None:
    assert lines.breaks("क्षि", anywhere=True) == [2]
