from typing import Any
from uuid import uuid4

import pytest

from shared.errors import InvalidRequestError, TransientError
from shared.providers import llm
from shared.vocabulary import Agent, Chapter, Options
from tests.support.adapting import TEXT, Stage
from tests.support.builders import JOB, agent, artefact_ref, script_generated
from tests.support.llm import FakeLanguageModel


@pytest.mark.parametrize(
    ("source", "language"), [("pt-BR", "pt-BR"), ("pt-br", "pt-BR"), ("zh-CN", "cmn-CN")]
)
async def test_a_script_in_the_right_language_passes_through(source: str, language: str) -> None:
    stage = Stage()
    script = await stage.script()

    adapted = await stage.answer(
        script_generated(script=script, script_language=source, language=language)
    )

    assert adapted.script == script
    assert stage.llm.asked == []


async def test_a_script_of_no_stated_language_is_in_that_of_its_job() -> None:
    stage = Stage()

    await stage.answer(
        script_generated(script=await stage.script(), script_language=None, language="de-DE")
    )

    assert stage.llm.asked == []


async def test_another_region_is_another_audience() -> None:
    stage = Stage()

    adapted = await stage.answer(
        script_generated(script=await stage.script(), script_language="pt-BR", language="pt-PT")
    )

    assert stage.text(adapted) == f"In pt-PT: {TEXT}"


async def test_an_inline_text_is_stored_on_its_way() -> None:
    stage = Stage()

    adapted = await stage.answer(script_generated(text="Era uma vez.", language="pt-BR"))

    assert stage.text(adapted) == "Era uma vez."


async def test_an_inline_text_is_adapted_as_a_stored_one_is() -> None:
    stage = Stage()

    inline = await stage.answer(script_generated(text=TEXT, language="en-US"))
    stored = await stage.answer(script_generated(script=await stage.script(), language="en-US"))

    assert inline.script == stored.script
    assert len(stage.llm.asked) == 1


async def test_one_adaptation_serves_every_job_of_its_language() -> None:
    stage = Stage()

    first = await stage.answer(script_generated(text=TEXT, language="en-US"))
    second = await stage.answer(script_generated(text=TEXT, language="en-US", job_id=uuid4()))

    assert first.script == second.script
    assert len(stage.llm.asked) == 1


async def test_a_redelivered_event_causes_the_same_event() -> None:
    stage = Stage()
    event = script_generated(text=TEXT, language="en-US")

    first, second = await stage.answer(event), await stage.answer(event)

    assert first.event_id == second.event_id
    assert first.caused_by == event.event_id
    assert first.script == second.script


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Outra história."},
        {"language": "de-DE"},
        {"script_language": "es-ES"},
        {"agent": agent(cultural_adaptation_prompt="Be formal.")},
        {"agent": agent(cultural_configs={"en": "Use miles."})},
        {"agent": agent(persona_prompt="You are an old sailor.")},
        {"agent": agent(glossary={"en": {"abelha": "bee"}})},
        {"agent": agent(do_not_translate=("Bolt",))},
        {"chapters": (Chapter(title="Um", paragraph=0),)},
        {"options": Options(other_models=False)},
    ],
)
async def test_whatever_decides_the_adaptation_makes_it_another(changes: dict[str, Any]) -> None:
    stage = Stage()
    event = {"text": TEXT, "language": "en-US", "agent": agent()}

    await stage.answer(script_generated(**event))
    await stage.answer(script_generated(**event | changes))

    assert len(stage.artefacts.made) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"voice": "another", "batch_id": uuid4()},
        {"agent": agent(premise_prompt="Always a mystery.", block_structure_prompt="Acts.")},
        {"agent": agent(cultural_configs={"de-DE": "Sie."}, glossary={"de": {"mel": "Honig"}})},
    ],
)
async def test_what_does_not_decide_the_adaptation_does_not(changes: dict[str, Any]) -> None:
    stage = Stage()
    event = {"text": TEXT, "language": "en-US", "agent": agent()}

    first = await stage.answer(script_generated(**event))
    second = await stage.answer(script_generated(**event | changes))

    assert first.script == second.script


async def test_the_agent_says_how_to_adapt() -> None:
    stage = Stage()
    clara = agent(
        persona_prompt="PERSONA",
        cultural_adaptation_prompt="ADAPTATION",
        cultural_configs={"en-US": "CULTURE", "de-DE": "ANOTHER"},
    )

    await stage.answer(script_generated(text=TEXT, language="en-US", agent=clara))

    (prompt,) = stage.llm.asked
    assert "PERSONA" in prompt.system
    assert "ADAPTATION" in prompt.text
    assert "CULTURE" in prompt.text
    assert "ANOTHER" not in prompt.text


async def test_an_agent_may_come_by_reference() -> None:
    stage = Stage()
    sailor = Agent(persona_prompt="You are an old sailor.")
    ref = await stage.artefacts.put(
        "agent", sailor.model_dump_json().encode(), media_type="application/json"
    )

    await stage.answer(script_generated(text=TEXT, language="en-US", agent_ref=ref))

    assert "old sailor" in stage.llm.asked[0].system


async def test_what_cannot_be_narrated_is_taken_out() -> None:
    stage = Stage(FakeLanguageModel(adapt=[{"text": "**Narrator:** Once [music] upon a time."}]))

    adapted = await stage.answer(script_generated(text=TEXT, language="en-US"))

    assert stage.text(adapted) == "Once upon a time."


@pytest.mark.parametrize("answer", ["Once upon a time.", {"title": "No text"}, {"text": "[x]"}])
async def test_an_unusable_answer_is_worth_another_try(answer: Any) -> None:
    stage = Stage(FakeLanguageModel(adapt=[answer]))

    with pytest.raises(TransientError, match="the adaptation"):
        await stage.answer(script_generated(text=TEXT, language="en-US"))
    adapted = await stage.answer(script_generated(text=TEXT, language="en-US"))

    assert stage.text(adapted) == f"In en-US: {TEXT}"


async def test_says_what_it_is_doing() -> None:
    stage = Stage()

    await stage.answer(script_generated(text=TEXT, language="en-US"))

    assert stage.lines == [
        (JOB, "adapting from pt-BR to en-US"),
        (JOB, "adapted: 38 characters"),
    ]


async def test_a_script_that_is_nowhere_fails_for_good() -> None:
    with pytest.raises(InvalidRequestError):
        await Stage().answer(script_generated(script=artefact_ref(), language="en-US"))


@pytest.mark.parametrize("data", [b"\xff\xfe", b" \n"])
async def test_a_script_that_is_no_text_fails_for_good(data: bytes) -> None:
    stage = Stage()
    ref = await stage.artefacts.put("script", data, media_type="text/plain")

    with pytest.raises(InvalidRequestError):
        await stage.answer(script_generated(script=ref, language="en-US"))


async def test_the_offline_writer_tells_it_in_the_other_language() -> None:
    stage = Stage(llm.create("offline"))
    script = "Era uma vez uma abelha que sabia voar. " * 25

    adapted = await stage.answer(script_generated(text=script, language="en-US"))

    assert " the " in stage.text(adapted)
    assert len(stage.text(adapted)) == pytest.approx(len(script), rel=0.3)
