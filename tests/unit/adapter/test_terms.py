import pytest

from services.adapter import terms


def test_only_terms_of_the_source_are_owed() -> None:
    owed = terms.owed("O mel da Bolt IA.", {"mel": "honey", "vinho": "wine"}, ("Bolt IA", "Acme"))

    assert owed == {"mel": "honey", "Bolt IA": "Bolt IA"}


def test_a_glossary_comes_before_what_stays() -> None:
    assert terms.owed("A Nasa.", {"Nasa": "NASA"}, ("Nasa",)) == {"Nasa": "NASA"}


@pytest.mark.parametrize(
    ("term", "source"), [("mel", "O caramelo."), ("IA", "A família."), ("Bolt", "Bolton")]
)
def test_a_part_of_a_word_is_not_the_term(term: str, source: str) -> None:
    assert terms.owed(source, {term: "x"}, ()) == {}


def test_scripts_without_spaces_have_terms_too() -> None:
    assert terms.owed("昔々蜂蜜がありました。", {"蜂蜜": "honey"}, ()) == {"蜂蜜": "honey"}


def test_endings_and_capitals_do_not_matter() -> None:
    assert terms.missing("Boltin MEHILÄINEN", {"a": "Bolt", "b": "mehiläinen"}) == []


def test_what_is_not_there_is_missing() -> None:
    assert terms.missing("A syrup.", {"mel": "honey"}) == ["mel"]


def test_an_empty_term_is_owed_to_nobody() -> None:
    assert terms.owed("Tudo.", {" ": "x", "Tudo": ""}, ("",)) == {}
