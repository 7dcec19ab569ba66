from hypothesis import given
from hypothesis import strategies as st

from services.adapter import parts


def test_a_short_script_is_one_part() -> None:
    assert parts.split("Um.\n\nDois.\n", limit=100) == ("Um.\n\nDois.",)


def test_is_cut_between_paragraphs() -> None:
    assert parts.split("Um dois.\n\nTrês.\n\nQuatro cinco.", limit=16) == (
        "Um dois.\n\nTrês.",
        "Quatro cinco.",
    )


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert parts.split("Um dois. Três quatro! Cinco?", limit=13) == (
        "Um dois.",
        "Três quatro!",
        "Cinco?",
    )


def test_a_sentence_is_never_cut() -> None:
    assert parts.split("palavra " * 10 + "fim.", limit=20) == ("palavra " * 10 + "fim.",)


def test_nothing_has_no_parts() -> None:
    assert parts.split(" \n\n ", limit=10) == ()


@given(st.text(alphabet="ab. \n!", max_size=400), st.integers(1, 50))
def test_no_word_is_lost(text: str, limit: int) -> None:
    together = " ".join(parts.split(text, limit=limit))

    assert together.split() == text.split()
