from hypothesis import given
from hypothesis import strategies as st

from services.adapter import chapters, parts
from shared.vocabulary import Chapter


def chapter(paragraph: int, title: str = "X") -> Chapter:
    return Chapter(title=title, paragraph=paragraph)


def test_as_many_paragraphs_are_the_same_paragraphs() -> None:
    moved = chapters.moved([chapter(0), chapter(2)], "a\n\nb\n\nc", "long a\n\nb\n\nc", [])

    assert [each.paragraph for each in moved] == [0, 2]


def test_else_a_chapter_begins_where_as_much_has_been_told() -> None:
    source = "\n\n".join(["x" * 100] * 4)
    text = "\n\n".join(["y" * 50] * 8)

    moved = chapters.moved([chapter(0), chapter(2)], source, text, [])

    assert [each.paragraph for each in moved] == [0, 4]


def test_two_chapters_never_begin_at_once() -> None:
    moved = chapters.moved([chapter(0, "A"), chapter(1, "B")], "a\n\nb", "one", ["C", "D"])

    assert moved == [chapter(0, "C")]


def test_titles_that_do_not_match_are_not_used() -> None:
    moved = chapters.moved([chapter(0, "A"), chapter(1, "B")], "a\n\nb", "a\n\nb", ["C"])

    assert [each.title for each in moved] == ["A", "B"]


def test_a_paragraph_cut_in_two_begins_once() -> None:
    split = parts.split("Um.\n\nDois dois. Dois dois dois.", limit=16)
    every = [chapter(0), chapter(1)]

    first = chapters.of_part(every, split[0], before=None)
    second = chapters.of_part(every, split[1], before=split[0])

    assert [each.paragraph for each in first] == [0, 1]
    assert second == []


@given(st.integers(1, 12), st.integers(1, 12), st.sets(st.integers(0, 11), min_size=1))
def test_chapters_stay_in_the_text_and_in_order(had: int, has: int, begins: set[int]) -> None:
    source, text = ("\n\n".join(f"word {n}" * (n + 1) for n in range(each)) for each in (had, has))

    moved = chapters.moved(
        [chapter(each) for each in sorted(begins) if each < had], source, text, []
    )

    found = [each.paragraph for each in moved]
    assert found == sorted(set(found))
    assert all(each < has for each in found)
