from typing import Any

from shared.vocabulary import ReadingNote
from tests.support.adapting import TEXT, Stage
from tests.support.builders import JOB, agent, script_generated
from tests.support.llm import FakeLanguageModel


async def test_the_glossary_and_the_terms_that_stay_are_asked_for() -> None:
    stage = Stage()
    clara = agent(
        glossary={"en": {"mel": "wild honey"}, "de": {"mel": "Honig"}},
        do_not_translate=("Bolt IA",),
    )

    await stage.answer(script_generated(text=TEXT, language="en-US", agent=clara))

    (prompt,) = stage.llm.asked
    assert "mel: wild honey" in prompt.text
    assert "Bolt IA" in prompt.text
    assert "Honig" not in prompt.text


async def test_a_term_that_is_missing_is_asked_for_once_more() -> None:
    answers: list[Any] = [{"text": "The bee likes syrup."}, {"text": "The bee likes honey."}]
    stage = Stage(FakeLanguageModel(adapt=answers))
    clara = agent(glossary={"en-US": {"mel": "honey"}})

    adapted = await stage.answer(
        script_generated(text="A abelha gosta de mel.", language="en-US", agent=clara)
    )

    assert stage.text(adapted) == "The bee likes honey."
    assert len(stage.llm.asked) == 2
    assert '"mel" does not appear as "honey"' in stage.llm.asked[1].text
    assert "The bee likes syrup." in stage.llm.asked[1].text


async def test_a_term_that_is_still_missing_is_a_line_of_the_log() -> None:
    answers: list[Any] = [{"text": "Our app is quick."}, {"text": "Our application is quick."}]
    stage = Stage(FakeLanguageModel(adapt=answers))
    clara = agent(do_not_translate=("Bolt IA",))

    adapted = await stage.answer(
        script_generated(text="O Bolt IA é rápido.", language="en-US", agent=clara)
    )

    assert stage.text(adapted) == "Our application is quick."
    assert (JOB, "the term 'Bolt IA' is not there as 'Bolt IA'") in stage.lines


async def test_a_term_that_the_script_does_not_hold_is_not_missed() -> None:
    stage = Stage()

    await stage.answer(
        script_generated(text=TEXT, language="en-US", agent=agent(do_not_translate=("Bolt IA",)))
    )

    assert len(stage.llm.asked) == 1


async def test_reading_notes_reach_the_narrator() -> None:
    answer = {
        "text": "Anna lives in Reims. So does Siobhán.",
        "reading_notes": [
            {"term": "Reims", "pronunciation": "rance"},
            {"term": "Siobhán", "pronunciation": "shi-VAWN"},
            {"term": "Cholmondeley", "pronunciation": "CHUM-lee"},
            {"term": "Anna"},
            "as it is written",
        ],
    }
    stage = Stage(FakeLanguageModel(adapt=[answer]))

    adapted = await stage.answer(script_generated(text=TEXT, language="en-US"))
    again = await stage.answer(script_generated(text=TEXT, language="en-US"))

    assert adapted.reading_notes == again.reading_notes
    assert set(adapted.reading_notes) == {
        ReadingNote(term="Reims", pronunciation="rance"),
        ReadingNote(term="Siobhán", pronunciation="shi-VAWN"),
    }
