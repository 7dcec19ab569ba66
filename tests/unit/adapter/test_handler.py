import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.adapter.editor import Editor, Judge
from services.adapter.handler import Adapter
from shared.catalogue import gate
from shared.catalogue.gate import Verdict
from shared.errors import InvalidRequestError, TransientError, WrongLanguageError
from shared.events import JobsParked, ScriptAdapted, ScriptGenerated
from shared.providers import llm
from shared.vocabulary import Agent, ArtefactRef, Chapter, Options, ReadingNote
from tests.support.artefacts import FakeArtefacts
from tests.support.builders import JOB, agent, artefact_ref, script_generated
from tests.support.llm import FakeLanguageModel

TEXT = "Era uma vez uma abelha. Fim."
PARAGRAPHS = json.loads(
    (Path(__file__).parents[2] / "support/paragraphs.json").read_text(encoding="utf-8")
)
PORTUGUESE, ENGLISH, GERMAN = (PARAGRAPHS[tag][0] for tag in ("pt-BR", "en-US", "de-AT"))


async def anything_goes(text: str, language: str, *, title: str) -> Verdict:
    return Verdict()


class Stage:
    def __init__(
        self, model: Any = None, part_characters: int = 8000, judge: Judge = anything_goes
    ) -> None:
        self.llm = model or FakeLanguageModel()
        self.artefacts = FakeArtefacts()
        self.lines: list[tuple[UUID, str]] = []
        self.handle = Adapter(
            editor=Editor(llm=self.llm, judge=judge, repair=self.llm.name != "offline"),
            artefacts=self.artefacts,
            report=lambda job_id, line: self.lines.append((job_id, line)),
            part_characters=part_characters,
        )

    async def script(self, text: str = TEXT) -> ArtefactRef:
        return await self.artefacts.put("script", text.encode(), media_type="text/plain")

    async def answer(self, event: ScriptGenerated) -> ScriptAdapted:
        (adapted,) = await self.handle(event)
        assert isinstance(adapted, ScriptAdapted)
        return adapted

    def text(self, event: ScriptAdapted) -> str:
        assert event.script
        return self.artefacts.objects[event.script.key].decode()


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


async def test_says_what_it_is_doing() -> None:
    stage = Stage()

    await stage.answer(script_generated(text=TEXT, language="en-US"))

    assert stage.lines == [
        (JOB, "adapting from pt-BR to en-US"),
        (JOB, "adapted: 38 characters"),
    ]


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


async def test_an_answer_in_the_wrong_language_is_asked_for_once_more() -> None:
    stage = Stage(FakeLanguageModel(adapt=[{"text": ENGLISH}, {"text": GERMAN}]), judge=gate.judge)

    adapted = await stage.answer(script_generated(text=PORTUGUESE, language="de-DE"))

    assert stage.text(adapted) == GERMAN
    assert len(stage.llm.asked) == 2
    assert "It is in en. It must be in de-DE" in stage.llm.asked[1].text


async def test_what_comes_in_the_wrong_language_twice_is_never_spoken() -> None:
    stage = Stage(FakeLanguageModel(adapt=[{"text": ENGLISH}] * 2), judge=gate.judge)

    with pytest.raises(WrongLanguageError, match="'en'") as caught:
        await stage.answer(script_generated(text=PORTUGUESE, language="de-DE"))

    assert caught.value.code == "wrong_language"
    assert len(stage.llm.asked) == 2
    assert stage.artefacts.made == []


async def test_a_script_in_another_language_than_it_says_is_adapted() -> None:
    stage = Stage(FakeLanguageModel(adapt=[{"text": PORTUGUESE}]), judge=gate.judge)

    adapted = await stage.answer(
        script_generated(text=ENGLISH, script_language="pt-BR", language="pt-BR")
    )

    assert stage.text(adapted) == PORTUGUESE
    assert (JOB, "the script is said to be in pt-BR and reads as 'en'") in stage.lines
    assert "in en:" in stage.llm.asked[0].text


async def test_what_cannot_be_checked_goes_on_and_says_so() -> None:
    stage = Stage(judge=gate.judge)

    adapted = await stage.answer(script_generated(text="Era uma vez.", language="pt-BR"))

    assert adapted.script
    assert (JOB, "not checked: the text is too short to tell its language") in stage.lines


@pytest.mark.parametrize("source", ["pt-BR", "sw-KE"])
async def test_the_offline_writer_does_not_pass_for_one_that_knows_a_language(source: str) -> None:
    stage = Stage(llm.create("offline"), judge=gate.judge)

    with pytest.raises(WrongLanguageError, match="offline"):
        await stage.answer(script_generated(text=ENGLISH, script_language=source, language="sw-KE"))


@pytest.mark.parametrize(
    "language", ["en-US", "es-ES", "fr-FR", "de-DE", "ja-JP", "ar-XA", "hi-IN"]
)
async def test_what_the_offline_writer_knows_passes_the_gate(language: str) -> None:
    stage = Stage(llm.create("offline"), judge=gate.judge)
    chapters = (Chapter(title="Um", paragraph=0),)

    adapted = await stage.answer(
        script_generated(text=PORTUGUESE * 3, language=language, chapters=chapters)
    )

    assert len(stage.text(adapted)) > 100
    assert adapted.chapters[0].title not in ("", "Um")


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


async def test_a_text_that_is_to_be_reviewed_is_given_back_with_what_was_spent() -> None:
    stage = Stage()
    event = script_generated(
        script=await stage.script(),
        script_language="en-US",
        language="pt-BR",
        options=Options(review=("pt-br",)),
    )

    (held,) = await stage.handle(event)

    assert isinstance(held, JobsParked)
    assert (held.reason, held.stage, held.parking) == ("review", "adapter", 1)
    resumed = ScriptAdapted.model_validate(held.resume.event)
    assert held.resume.topic == "script.adapted"
    assert resumed.parking == 1
    assert resumed.script


async def test_languages_that_nobody_reviews_go_on() -> None:
    stage = Stage()
    event = script_generated(
        script=await stage.script(),
        script_language="en-US",
        language="pt-BR",
        options=Options(review=("es-ES",)),
    )

    (adapted,) = await stage.handle(event)

    assert isinstance(adapted, ScriptAdapted)
