from typing import Any

import pytest

from shared.errors import TransientError
from shared.vocabulary import Chapter
from tests.support.adapting import Stage
from tests.support.builders import script_generated
from tests.support.llm import FakeLanguageModel


async def test_a_long_script_is_adapted_part_by_part() -> None:
    stage = Stage(part_characters=20)

    adapted = await stage.answer(
        script_generated(text="Um dois três.\n\nQuatro cinco.", language="en-US")
    )

    second = stage.llm.asked[1]
    assert stage.text(adapted) == "In en-US: Um dois três.\n\nIn en-US: Quatro cinco."
    assert "part 2 of 2" in second.text
    assert "In en-US: Um dois três." in second.text
    assert len(stage.llm.asked) == 2


async def test_what_was_decided_holds_for_the_parts_that_follow() -> None:
    answers: list[Any] = [{"text": "One.", "adaptations": ["feijoada: chili, a dish they know"]}]
    stage = Stage(FakeLanguageModel(adapt=answers), part_characters=20)

    await stage.answer(script_generated(text="Um dois três.\n\nQuatro cinco.", language="en-US"))

    assert "feijoada: chili" in stage.llm.asked[1].text


async def test_goes_on_from_the_last_part_when_one_failed() -> None:
    answers: list[Any] = [{"text": "One."}, TransientError("overloaded"), {"text": "Two."}]
    stage = Stage(FakeLanguageModel(adapt=answers), part_characters=20)
    event = script_generated(text="Um dois três.\n\nQuatro cinco.", language="en-US")

    with pytest.raises(TransientError):
        await stage.answer(event)
    adapted = await stage.answer(event)

    assert stage.text(adapted) == "One.\n\nTwo."
    assert len(stage.llm.asked) == 3


async def test_chapters_begin_where_they_began() -> None:
    chapters = (Chapter(title="Um", paragraph=0), Chapter(title="Dois", paragraph=2))
    answer = {"text": "One.\n\nMore.\n\nTwo.", "chapter_titles": ["First", "Second"]}
    stage = Stage(FakeLanguageModel(adapt=[answer]))
    event = script_generated(text="Um.\n\nMais.\n\nDois.", language="en-US", chapters=chapters)

    adapted = await stage.answer(event)
    again = await stage.answer(event)

    assert adapted.chapters == again.chapters
    assert adapted.chapters == (
        Chapter(title="First", paragraph=0),
        Chapter(title="Second", paragraph=2),
    )


async def test_chapters_are_counted_on_from_part_to_part() -> None:
    chapters = (Chapter(title="Um", paragraph=0), Chapter(title="Três", paragraph=2))
    answers: list[Any] = [
        {"text": "One.\n\nTwo.", "chapter_titles": ["First"]},
        {"text": "Three.", "chapter_titles": ["Third"]},
    ]
    stage = Stage(FakeLanguageModel(adapt=answers), part_characters=20)

    adapted = await stage.answer(
        script_generated(
            text="Um um um.\n\nDois.\n\nTrês três três.", language="en-US", chapters=chapters
        )
    )

    assert "Um" in stage.llm.asked[0].text.partition("Chapters that begin")[2][:40]
    assert adapted.chapters == (
        Chapter(title="First", paragraph=0),
        Chapter(title="Third", paragraph=2),
    )


async def test_a_script_that_passes_through_keeps_its_chapters() -> None:
    chapters = (Chapter(title="Um", paragraph=0),)

    adapted = await Stage().answer(script_generated(language="pt-BR", chapters=chapters))

    assert adapted.chapters == chapters
