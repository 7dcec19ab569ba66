import json
from typing import Any
from uuid import uuid4

import pytest

from shared.errors import InvalidRequestError, TransientError
from shared.providers import llm
from shared.vocabulary import Agent, Options
from tests.support.builders import JOB, agent, artefact_ref
from tests.support.llm import FakeLanguageModel, told
from tests.support.scripting import Stage, requested


async def test_writes_a_premise_a_plan_and_block_after_block() -> None:
    stage = Stage()

    generated = await stage.answer(requested(options=Options(target_characters=4000)))

    assert stage.llm.tasks() == ["premise", "plan", "block", "block", "block", "review"]
    assert stage.text(generated) == "\n\n".join(told(number, 1333) for number in (1, 2, 3))


async def test_says_what_it_is_doing() -> None:
    stage = Stage()

    await stage.answer(requested(options=Options(target_characters=3000)))

    assert stage.lines == [
        (JOB, "premise"),
        (JOB, "plan: 2 blocks"),
        (JOB, "block 1 of 2"),
        (JOB, "block 2 of 2"),
        (JOB, "consistency"),
        (JOB, "script: 3002 characters, 3000 wanted"),
    ]


async def test_two_languages_of_one_title_share_one_writing() -> None:
    stage = Stage()

    first = await stage.answer(requested(language="ja-JP", job_id=uuid4(), voice="a"))
    second = await stage.answer(
        requested(language="de-DE", job_id=uuid4(), voice="b", batch_id=uuid4())
    )

    assert first.script == second.script
    assert first.script_language == second.script_language == "pt-BR"
    assert stage.llm.tasks() == ["premise", "plan", "block"]


async def test_a_redelivered_event_causes_the_same_event() -> None:
    stage = Stage()
    event = requested()

    first, second = await stage.answer(event), await stage.answer(event)

    assert first.event_id == second.event_id
    assert first.caused_by == event.event_id
    assert first.script == second.script


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "A cidade que dorme"},
        {"variation": 2},
        {"aspect": "hook: a question"},
        {"options": Options(target_characters=1000)},
        {"options": Options(target_minutes=3)},
        {"options": Options(other_models=False)},
        {"agent": agent(persona_prompt="You are an old sailor.")},
        {"agent": agent(premise_prompt="Always a mystery.")},
        {"agent": agent(block_structure_prompt="Three acts.")},
        {"agent": agent(language="en-US")},
        {"agent": None},
    ],
)
async def test_whatever_decides_the_script_makes_it_another(changes: dict[str, Any]) -> None:
    stage = Stage()

    await stage.answer(requested(language="es-ES"))
    await stage.answer(requested(**{"language": "es-ES"} | changes))

    assert sum(key.startswith("writing/") for key in stage.artefacts.made) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"agent": agent(name="Somebody else", cultural_adaptation_prompt="x")},
        {"agent": agent(cultural_configs={"de": "formal"}, default_voices={"de-DE": "v"})},
        {"options": Options(pitch_semitones=3)},
        {"options": Options(speaking_rate=1.5)},
        {"options": Options(other_voices=True)},
        {"user_id": uuid4()},
    ],
)
async def test_what_does_not_decide_the_script_does_not(changes: dict[str, Any]) -> None:
    stage = Stage()

    first = await stage.answer(requested())
    second = await stage.answer(requested(**changes))

    assert first.script == second.script


async def test_without_an_agent_the_script_is_in_the_language_of_the_job() -> None:
    stage = Stage()

    generated = await stage.answer(requested(agent=None, language="it-IT"))

    assert generated.script_language == "it-IT"


async def test_an_agent_may_come_by_reference() -> None:
    stage = Stage()
    sailor = Agent(language="en-GB", persona_prompt="You are an old sailor.")
    ref = await stage.artefacts.put(
        "agent", sailor.model_dump_json().encode(), media_type="application/json"
    )

    generated = await stage.answer(requested(agent=None, agent_ref=ref))

    assert generated.script_language == "en-GB"
    assert all("old sailor" in prompt.system for prompt in stage.llm.asked)


async def test_an_agent_that_is_nowhere_fails_for_good() -> None:
    stage = Stage()

    with pytest.raises(InvalidRequestError):
        await stage.answer(requested(agent=None, agent_ref=artefact_ref()))


async def test_a_ready_script_passes_through_untouched() -> None:
    stage = Stage()

    generated = await stage.answer(
        requested(text="# Once upon a time.", text_language="en-US", language="pt-BR")
    )

    assert stage.text(generated) == "# Once upon a time."
    assert generated.script_language == "en-US"
    assert stage.llm.asked == []


async def test_a_ready_script_is_in_the_language_of_its_job_unless_it_says() -> None:
    generated = await Stage().answer(requested(text="Era uma vez.", language="pt-PT"))

    assert generated.script_language == "pt-PT"


async def test_goes_on_from_the_last_block_when_one_failed() -> None:
    failures: list[Any] = [TransientError("overloaded")]
    stage = Stage(
        FakeLanguageModel(
            block=lambda prompt: (
                failures.pop()
                if failures and prompt.facts["block"] == 2
                else told(prompt.facts["block"], 1500)
            )
        )
    )
    event = requested(options=Options(target_characters=3000))

    with pytest.raises(TransientError):
        await stage.answer(event)
    generated = await stage.answer(event)

    assert stage.llm.tasks() == ["premise", "plan", "block", "block", "block", "review"]
    assert stage.text(generated) == f"{told(1, 1500)}\n\n{told(2, 1500)}"


async def test_an_answer_that_is_no_plan_is_not_kept() -> None:
    stage = Stage(FakeLanguageModel(plan=["I would rather not."]))

    with pytest.raises(TransientError, match="plan"):
        await stage.answer(requested())
    await stage.answer(requested())

    assert stage.llm.tasks() == ["premise", "plan", "plan", "block"]


async def test_the_same_text_comes_without_keeping_the_steps() -> None:
    kept, not_kept = Stage(), Stage(keep_steps=False)

    first, second = await kept.answer(requested()), await not_kept.answer(requested())

    assert first.script == second.script
    assert kept.llm.tasks() == not_kept.llm.tasks()
    assert {key.partition("/")[0] for key in not_kept.artefacts.objects} == {"script", "writing"}


async def test_chapters_begin_where_blocks_begin_whoever_wrote_them() -> None:
    texts = ["One.\n\nMore of one.", "Two.", "Three."]
    stage = Stage(FakeLanguageModel(block=list(texts)), revise=False)
    event = requested(options=Options(target_characters=4000))

    fresh, served = await stage.answer(event), await stage.answer(event)

    assert fresh.chapters == served.chapters
    assert [(each.title, each.paragraph) for each in fresh.chapters] == [
        ("Part 1", 0),
        ("Part 2", 2),
        ("Part 3", 3),
    ]


@pytest.mark.parametrize("language", ["pt-BR", "en-US", "es-ES", "fr-FR"])
@pytest.mark.parametrize("characters", [900, 4000, 20_000])
async def test_offline_scripts_have_the_length_asked_for(language: str, characters: int) -> None:
    stage = Stage(llm.create("offline"))
    options = Options(target_characters=characters)

    generated = await stage.answer(requested(agent=agent(language=language), options=options))

    assert len(stage.text(generated)) == pytest.approx(characters, rel=0.15)


async def test_minutes_become_characters_at_the_pace_of_the_language() -> None:
    stage = Stage()

    await stage.answer(requested(agent=None, language="pt-BR", options=Options(target_minutes=2)))
    await stage.answer(requested(agent=None, language="ja-JP", options=Options(target_minutes=2)))

    portuguese, japanese = (
        prompt.facts["target_characters"] for prompt in stage.llm.asked if prompt.task == "premise"
    )
    assert portuguese > 1.5 * japanese > 0


async def test_variations_are_told_apart_by_their_aspect() -> None:
    stage = Stage()

    await stage.answer(requested(variation=2, aspect="hook: a question"))

    assert all("hook: a question" in prompt.text for prompt in stage.llm.asked)


async def test_each_prompt_of_the_agent_is_used_where_it_belongs() -> None:
    stage = Stage()
    clara = agent(
        premise_prompt="PREMISE", persona_prompt="PERSONA", block_structure_prompt="STRUCTURE"
    )

    await stage.answer(requested(agent=clara))

    premise, plan, block = stage.llm.asked
    assert all("PERSONA" in prompt.system for prompt in stage.llm.asked)
    assert "PREMISE" in premise.text
    assert "STRUCTURE" in plan.text
    assert json.loads(json.dumps(dict(block.facts)))["heading"] == "Part 1"
