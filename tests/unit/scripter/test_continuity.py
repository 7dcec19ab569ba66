from services.scripter import continuity
from services.scripter.plan import Block

BLOCK = Block("The sea", "Show the sea.", 1000)


def test_a_summary_says_what_each_block_did_and_how_it_ended() -> None:
    text = continuity.summary([BLOCK, BLOCK], ["Waves came. Then silence."])

    assert text == "1. The sea: Show the sea. It ended: Then silence."


def test_before_the_first_block_there_is_nothing_to_sum_up() -> None:
    assert continuity.summary([BLOCK], []) == ""


def test_a_long_summary_keeps_the_newest() -> None:
    texts = [f"{'Word ' * 40}number {number}." for number in range(20)]

    text = continuity.summary([BLOCK] * 20, texts)

    assert len(text) <= 1300
    assert text.endswith("number 19.")
    assert "number 0." not in text


def test_a_short_text_is_its_own_tail() -> None:
    assert continuity.tail("All of it.") == "All of it."


def test_a_tail_begins_with_a_sentence() -> None:
    text = " ".join(f"Sentence number {number} goes here." for number in range(100))

    end = continuity.tail(text)

    assert text.endswith(end)
    assert end.startswith("Sentence number")
    assert 600 < len(end) <= 700


def test_a_text_without_sentences_still_has_a_tail() -> None:
    assert continuity.tail("x" * 2000) == "x" * 700
