import pytest

from services.narrator.reading import Reading
from shared.vocabulary import ReadingNote


def _read(text: str, **notes: str) -> str:
    return Reading([ReadingNote(term=term, pronunciation=said) for term, said in notes.items()])(
        text
    )


@pytest.mark.parametrize(
    ("text", "term", "said", "expected"),
    [
        ("Custa R$ 1.500.", "R$ 1.500", "mil e quinhentos reais", "Custa mil e quinhentos reais."),
        ("O SQL e o MySQL.", "SQL", "síquel", "O síquel e o MySQL."),
        ("東京都庁へ", "東京", "とうきょう", "とうきょう都庁へ"),
        ("राम और रामा", "राम", "राआम", "राआम और रामा"),
        ("Plano C++!", "C++", "cê mais mais", "Plano cê mais mais!"),
        ("Nada muda.", "NASA", "nása", "Nada muda."),
        ("Fica como está.", "está", "", "Fica como está."),
    ],
)
def test_terms_are_said_as_their_notes_tell(text: str, term: str, said: str, expected: str) -> None:
    assert _read(text, **{term: said}) == expected


def test_the_longest_term_wins_and_nothing_is_replaced_twice() -> None:
    assert _read("IA e Bolt IA", **{"IA": "i-á", "Bolt IA": "bolt IA"}) == "i-á e bolt IA"


def test_without_notes_nothing_changes() -> None:
    assert _read("Era uma vez.") == "Era uma vez."
