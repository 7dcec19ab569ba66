from services.narrator.parts import Part, joined, parts, segmented
from shared.vocabulary import Chapter

TEXT = "# Um\n\nEra uma vez.\n\nUma abelha.\n\n## Dois\n\nEla voou.\n\n[música]\n\nFim."


def _chapters(**paragraphs: int) -> list[Chapter]:
    return [Chapter(title=title, paragraph=number) for title, number in paragraphs.items()]


def test_paragraphs_are_counted_as_they_were_written() -> None:
    found = parts(TEXT, _chapters(Um=0, Dois=3, Fim=5))

    assert found == (
        Part("Um", "Era uma vez.\n\nUma abelha."),
        Part("Dois", "Ela voou."),
        Part("Fim", "Fim."),
    )


def test_what_comes_before_the_first_chapter_has_no_title() -> None:
    first, second = parts("Antes.\n\nDepois.", _chapters(Depois=1))

    assert (first.title, second.title) == ("", "Depois")


def test_a_text_without_chapters_is_one_part() -> None:
    assert parts("Um.\n\nDois.", ()) == (Part("", "Um.\n\nDois."),)


def test_a_chapter_beyond_the_end_and_one_of_which_nothing_is_spoken_are_left_out() -> None:
    found = parts("Um.\n\n[música]", _chapters(Um=0, Música=1, Nunca=9))

    assert [part.title for part in found] == ["Um"]


def test_every_chapter_begins_a_segment() -> None:
    found = parts(TEXT, _chapters(Um=0, Dois=3, Fim=5))

    segments, titles = segmented(found, language="pt-BR", max_bytes=4_800, say=str.upper)

    assert titles == {0: "Um", 1: "Dois", 2: "Fim"}
    assert "".join(segment.text for segment in segments) == joined(found)
    assert [segment.ends_paragraph for segment in segments] == [True, True, False]
    assert segments[1].spoken == "ELA VOOU."
