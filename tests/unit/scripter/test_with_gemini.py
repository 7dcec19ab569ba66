import pytest

from services.adapter.editor import Editor
from services.adapter.handler import Adapter
from services.scripter.handler import Scripter
from shared.catalogue import gate
from shared.events import ScriptAdapted
from shared.providers import llm
from tests.support.artefacts import FakeArtefacts
from tests.support.billing import billed
from tests.support.builders import agent, job_requested
from tests.support.gemini import answer
from tests.support.provider_http import serving


async def test_gemini_is_asked_what_it_can_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answer) as gemini:
        monkeypatch.setenv("GEMINI_BASE_URL", gemini.url)
        monkeypatch.setenv("GEMINI_API_KEYS", "alpha:one")
        model = llm.create("auto")
        artefacts = FakeArtefacts()
        scripter = Scripter(
            llm=model,
            artefacts=artefacts,
            report=lambda job_id, line: None,
            default_minutes=1.0,
            block_characters=1600,
        )
        adapter = Adapter(
            editor=Editor(llm=model, judge=gate.judge),
            artefacts=artefacts,
            report=lambda job_id, line: None,
            part_characters=8000,
        )

        with billed() as writing:
            (generated,) = await scripter(job_requested(language="de-DE", agent=agent()))
        with billed() as adapting:
            (adapted,) = await adapter(generated)

        await model.aclose()

    assert isinstance(adapted, ScriptAdapted)
    assert adapted.script
    assert artefacts.objects[adapted.script.key] == b"Hello"
    assert [
        paid.model_dump(exclude_defaults=True, exclude={"domain"}) for paid in await writing.total()
    ] == [
        {
            "provider": "gemini",
            "model": "gemini-3.8-flash-002",
            "calls": 4,
            "input_tokens": 48,
            "output_tokens": 148,
        }
    ]
    assert [paid.calls for paid in await adapting.total()] == [1]
    assert len(gemini.requests) == 5
