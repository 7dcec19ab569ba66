import pytest

from services.adapter import prompts
from services.adapter.assignment import Assignment

ASKED = Assignment(title="Mar $x", script="0" * 64, source="pt-BR", language="ja-JP")


def test_what_users_write_is_never_a_placeholder() -> None:
    prompt = prompts.adapt(ASKED, prompts.Part(text="Custa $5 e {tudo}."))

    assert "Title: Mar $x" in prompt.text
    assert "Custa $5 e {tudo}." in prompt.text


def test_asks_for_as_long_as_it_takes_to_speak() -> None:
    prompt = prompts.adapt(ASKED, prompts.Part(text="x" * 1000))

    assert prompt.facts["target_characters"] < 800
    assert f"about\n{prompt.facts['target_characters']} characters" in prompt.text


def test_asks_for_flat_data() -> None:
    prompt = prompts.adapt(ASKED, prompts.Part(text="Texto."))

    assert prompt.schema
    assert prompt.schema["required"] == ["text"]


def test_another_text_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(prompts._TEXTS, "adapt", "Adapt.")

    assert prompts._version() != prompts.VERSION


def test_a_repair_shows_the_question_the_answer_and_what_is_wrong_with_it() -> None:
    part = prompts.Part(text="Custa $5.")

    text = prompts.repair(
        ASKED, part, rejected="It costs $5.", reads_as="en", terms={"mel": "honey"}
    ).text

    assert prompts.adapt(ASKED, part).text in text
    assert text.index("It is in en. It must be in ja-JP") < text.index("It costs $5.")
    assert '"mel" does not appear as "honey"' in text


def test_asks_for_as_many_paragraphs_as_there_are() -> None:
    text = prompts.adapt(ASKED, prompts.Part(text="Um.\n\nDois.")).text

    assert "Keep its 2 paragraphs" in text
