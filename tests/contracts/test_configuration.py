from pathlib import Path

import pytest

from tests.contracts.configuration import document, example, groups, variables

ROOT = Path(__file__).parents[2]


def test_the_document_is_the_one_in_review() -> None:
    assert document() == (ROOT / "docs" / "configuration.md").read_text(), "run `make contracts`"


def test_the_example_is_the_one_in_review() -> None:
    assert example() == (ROOT / ".env.example").read_text(), "run `make contracts`"


@pytest.mark.parametrize(("heading", "settings"), list(groups()))
def test_every_variable_says_what_it_is(heading: str, settings: type) -> None:
    silent = [name for name, _, about in variables(settings) if not about]
    assert not silent, f"{heading}: Field(description=...) is missing"
