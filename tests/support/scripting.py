"""The scripter with all it needs in memory."""

from typing import Any
from uuid import UUID

from services.scripter.handler import Scripter
from shared.events import JobsRequested, ScriptGenerated
from tests.support.artefacts import FakeArtefacts
from tests.support.builders import agent, job_requested
from tests.support.llm import FakeLanguageModel


class Stage:
    """A scripter, what it stored and what it said."""

    def __init__(self, model: Any = None, **changes: Any) -> None:
        self.llm = model or FakeLanguageModel()
        self.artefacts = FakeArtefacts()
        self.lines: list[tuple[UUID, str]] = []
        values = {"default_minutes": 1.0, "block_characters": 1600} | changes
        self.handle = Scripter(
            llm=self.llm,
            artefacts=self.artefacts,
            report=lambda job_id, line: self.lines.append((job_id, line)),
            **values,
        )

    async def answer(self, event: JobsRequested) -> ScriptGenerated:
        (generated,) = await self.handle(event)
        return generated

    def text(self, event: ScriptGenerated) -> str:
        assert event.script
        return self.artefacts.objects[event.script.key].decode()


def requested(**changes: Any) -> JobsRequested:
    return job_requested(**{"agent": agent()} | changes)
