import pytest

from services.scripter import prompts
from services.scripter.commission import Commission
from services.scripter.plan import Block

ASKED = Commission(title="Mar $de {chaves}", language="pt-BR", characters=2000)
PLAN = (Block("A", "Begin", 700), Block("B", "Go on", 600), Block("C", "End", 700))


def test_what_users_write_is_never_a_placeholder() -> None:
    prompt = prompts.premise(ASKED)

    assert "Title: Mar $de {chaves}" in prompt.text


def test_blocks_of_one_script_begin_with_the_same_words() -> None:
    texts = [
        prompts.block(ASKED, prompts.SoFar(premise="{}", plan=PLAN, tail=str(n)), n).text
        for n in (1, 2, 3)
    ]

    shared = texts[0].partition("Told so far")[0]
    assert all(text.startswith(shared) for text in texts)
    assert "1. A (700 characters): Begin" in shared


def test_the_last_words_come_just_before_the_order() -> None:
    so_far = prompts.SoFar(premise="{}", plan=PLAN, summary="SUMMARY", tail="THE TAIL")

    text = prompts.block(ASKED, so_far, 2).text

    assert text.index("SUMMARY") < text.index("THE TAIL") < text.index("Write block 2 of 3")


def test_only_the_last_block_concludes() -> None:
    so_far = prompts.SoFar(premise="{}", plan=PLAN)

    texts = [prompts.block(ASKED, so_far, number).text for number in (1, 2, 3)]

    assert ["do not conclude" in text for text in texts] == [True, True, False]


def test_a_second_telling_without_an_aspect_is_asked_to_differ() -> None:
    again = Commission(title="Mar", language="pt-BR", characters=2000, variation=2)

    assert "telling number 2" in prompts.premise(again).text


def test_another_text_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prompts._TEXTS, "block", "Write.")

    assert prompts._version() != prompts.VERSION
