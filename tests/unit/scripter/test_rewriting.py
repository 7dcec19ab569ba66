from typing import Any

import pytest

from shared.errors import RefusedError, TransientError
from shared.vocabulary import Options
from tests.support.llm import FakeLanguageModel, told
from tests.support.scripting import Stage, requested


async def test_a_block_full_of_directions_is_written_once_more() -> None:
    dirty = "**Narrator:** Hello. [music rises slowly] # x"
    stage = Stage(FakeLanguageModel(block=[dirty, "Hello, and welcome."]), revise=False)

    generated = await stage.answer(requested())

    assert stage.text(generated) == "Hello, and welcome."
    assert len(stage.llm.asked) == 4


async def test_the_cleaner_of_two_answers_is_taken() -> None:
    answers = ["[music] Hello there, dear friends of the sea.", "[long applause everywhere] Hi."]
    stage = Stage(FakeLanguageModel(block=list(answers)), revise=False)

    generated = await stage.answer(requested())

    assert stage.text(generated) == "Hello there, dear friends of the sea."


async def test_a_block_with_nothing_to_narrate_is_worth_another_try() -> None:
    stage = Stage(FakeLanguageModel(block=["[silence]", "## Block 1"]))

    with pytest.raises(TransientError, match="block 1"):
        await stage.answer(requested())


async def test_a_block_that_contradicts_another_is_written_once_more() -> None:
    found = [
        {"block": 2, "contradiction": "The captain was Ana in block 1: call her Ana."},
        {"block": 9, "contradiction": "There is no such block."},
    ]
    stage = Stage(FakeLanguageModel(review=[{"contradictions": found}]))

    await stage.answer(requested(options=Options(target_characters=4000)))

    again = stage.llm.asked[-1]
    assert stage.llm.tasks()[-2:] == ["review", "block"]
    assert again.facts["block"] == 2
    assert "call her Ana" in again.text
    assert told(2, 1333) in again.text
    assert told(3, 1333)[:100] in again.text
    assert len(stage.llm.asked) == 7


async def test_the_editor_reads_every_block() -> None:
    stage = Stage()

    await stage.answer(requested(options=Options(target_characters=4000)))

    review = stage.llm.asked[-1].text
    assert all(told(number, 1333) in review for number in (1, 2, 3))


@pytest.mark.parametrize("review", ["All is well.", RefusedError("blocked")])
async def test_a_script_outlives_a_review_that_did_not_come(review: Any) -> None:
    stage = Stage(FakeLanguageModel(review=[review]))

    generated = await stage.answer(requested(options=Options(target_characters=4000)))

    assert len(stage.text(generated)) == pytest.approx(4000, rel=0.01)
    assert any("consistency was not checked" in line for _, line in stage.lines)


async def test_one_block_cannot_contradict_another() -> None:
    stage = Stage()

    await stage.answer(requested(options=Options(target_characters=1000)))

    assert stage.llm.tasks() == ["premise", "plan", "block"]


async def test_what_is_too_short_is_told_more_fully_once() -> None:
    lengths = {1: [1333], 2: [300, 1300], 3: [1333]}
    stage = Stage(
        FakeLanguageModel(
            block=lambda prompt: told(prompt.facts["block"], lengths[prompt.facts["block"]].pop(0))
        )
    )

    generated = await stage.answer(requested(options=Options(target_characters=4000)))

    again = stage.llm.asked[-1]
    assert "It has 300 characters and must have about 1333. Tell it more fully" in again.text
    assert stage.text(generated).split("\n\n")[1] == told(2, 1300)
    assert len(stage.llm.asked) == 7


async def test_what_is_still_the_wrong_length_goes_on() -> None:
    stage = Stage(FakeLanguageModel(block=lambda prompt: told(prompt.facts["block"], 2600)))

    generated = await stage.answer(requested(options=Options(target_characters=4000)))

    assert len(stage.text(generated)) == 7804
    assert stage.llm.tasks().count("block") == 6


async def test_a_rewriting_that_is_farther_off_is_not_taken() -> None:
    lengths = [1000, 5000]
    stage = Stage(FakeLanguageModel(block=lambda prompt: told(1, lengths.pop(0))))

    generated = await stage.answer(requested(options=Options(target_characters=1500)))

    assert stage.text(generated) == told(1, 1000)
