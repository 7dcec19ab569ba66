from hypothesis import given
from hypothesis import strategies as st

from services.adapter import parts


def texts(text: str, limit: int) -> tuple[str, ...]:
    return tuple(part.text for part in parts.split(text, limit=limit))


def test_a_short_script_is_one_part() -> None:
    assert texts("Um.\n\nDois.\n", 100) == ("Um.\n\nDois.",)


def test_is_cut_between_paragraphs() -> None:
    assert texts("Um dois.\n\nTrês.\n\nQuatro cinco.", 16) == (
        "Um dois.\n\nTrês.",
        "Quatro cinco.",
    )


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    assert texts("Um dois. Três quatro! Cinco?", 13) == (
        "Um dois.",
        "Três quatro!",
        "Cinco?",
    )


def test_a_sentence_is_never_cut() -> None:
    assert texts("palavra " * 10 + "fim.", 20) == ("palavra " * 10 + "fim.",)


def test_nothing_has_no_parts() -> None:
    assert texts(" \n\n ", 10) == ()


def test_says_which_paragraphs_a_part_holds() -> None:
    split = parts.split("Um.\n\nDois dois. Dois dois dois.\n\nTrês.", limit=16)

    assert [(part.text, part.paragraphs) for part in split] == [
        ("Um.\n\nDois dois.", (0, 1)),
        ("Dois dois dois.", (1,)),
        ("Três.", (2,)),
    ]


@given(st.text(alphabet="ab. \n!", max_size=400), st.integers(1, 50))
def test_no_word_is_lost(text: str, limit: int) -> None:
    together = " ".join(texts(text, limit))

    assert together.split() == text.split()
