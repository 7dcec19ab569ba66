from shared.events import JobsParked, ScriptAdapted
from shared.vocabulary import Options
from tests.support.adapting import Stage
from tests.support.builders import script_generated


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
