# ruff: noqa: RUF001 - the punctuation of every script is meant here

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.editing.sentences import moved, replaced, split
from shared.vocabulary import Chapter


@given(st.text(alphabet="ab .!?。！\n「」", max_size=60))
def test_sentences_with_their_spaces_are_the_text(text: str) -> None:
    assert "".join(s.text + s.space for s in split(text.strip())) == text.strip()


def test_scripts_without_spaces_have_sentences() -> None:
    text = "蜂は踊る。「本当に？」と彼は聞いた。"

    assert len(split(text)) >= 2


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({1: "Three."}, "One. Three.\n\nLast."),
        ({1: ""}, "One.\n\nLast."),
        ({0: ""}, "Two.\n\nLast."),
        ({2: " A  new\nend. "}, "One. Two.\n\nA new end."),
    ],
)
def test_a_sentence_is_changed_where_it_stands(changes: dict[int, str], expected: str) -> None:
    assert replaced(split("One. Two.\n\nLast."), changes) == expected


def test_chapters_follow_their_paragraphs() -> None:
    chapters = (Chapter(title="A", paragraph=0), Chapter(title="B", paragraph=2))

    found = moved(chapters, "a\n\nb\n\nc", "new\n\na\n\nb\n\nc")

    assert [(chapter.title, chapter.paragraph) for chapter in found] == [("A", 1), ("B", 3)]
