import pytest

from shared.catalogue import gate
from shared.errors import WrongLanguageError
from shared.providers import llm
from shared.vocabulary import Chapter
from tests.support.adapting import Stage
from tests.support.builders import JOB, script_generated
from tests.support.llm import FakeLanguageModel
from tests.support.paragraphs import ENGLISH, GERMAN, PORTUGUESE


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
