"""The adapter with all it needs in memory."""

from typing import Any
from uuid import UUID

from services.adapter.editor import Editor, Judge
from services.adapter.handler import Adapter
from shared.catalogue.gate import Verdict
from shared.events import ScriptAdapted, ScriptGenerated
from shared.vocabulary import ArtefactRef
from tests.support.artefacts import FakeArtefacts
from tests.support.llm import FakeLanguageModel

TEXT = "Era uma vez uma abelha. Fim."


async def anything_goes(text: str, language: str, *, title: str) -> Verdict:
    return Verdict()


class Stage:
    """An adapter, what it stored and what it said."""

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
