"""jobs.requested -> script.generated."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from pydantic import BaseModel

from services.scripter.commission import Commission, commission
from services.scripter.draft import Draft
from services.scripter.prompts import VERSION
from services.scripter.steps import Steps
from services.scripter.writing import revise, write
from shared.artefacts import Artefacts, fingerprint
from shared.events import JobsRequested, ScriptGenerated
from shared.providers.llm import LanguageModel
from shared.vocabulary import Agent, ArtefactRef, Chapter

PLAIN_TEXT = "text/plain; charset=utf-8"


class Writing(BaseModel):
    """What is kept of a script: where its text lies, and where its chapters begin."""

    script: ArtefactRef
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripter:
    """Writes a master script once, however many jobs tell it in however many languages."""

    llm: LanguageModel
    artefacts: Artefacts
    report: Callable[[UUID, str], None]
    default_minutes: float
    block_characters: int
    keep_steps: bool = True
    # False for a writer that neither contradicts itself nor misses the length.
    revise: bool = True

    async def __call__(self, event: JobsRequested) -> list[ScriptGenerated]:
        """Answer one job."""
        if event.text is not None:
            return [await self._passed_through(event, event.text)]
        asked = commission(event, await self._agent(event), default_minutes=self.default_minutes)
        written = await self._script(event.job_id, asked)
        return [
            ScriptGenerated(
                **event.leads_to("script"),
                script=written.script,
                chapters=written.chapters,
                script_language=asked.language,
            )
        ]

    async def _passed_through(self, event: JobsRequested, text: str) -> ScriptGenerated:
        ref = await self.artefacts.put("script", text.encode(), media_type=PLAIN_TEXT)
        return ScriptGenerated(
            **event.leads_to("script"),
            script=ref,
            script_language=event.text_language or event.language,
        )

    async def _agent(self, event: JobsRequested) -> Agent | None:
        if event.agent is not None or event.agent_ref is None:
            return event.agent
        return Agent.model_validate_json(await self.artefacts.get(event.agent_ref))

    async def _script(self, job_id: UUID, asked: Commission) -> Writing:
        # Neither the batch nor the job, the target language or the voice: all of those share it.
        name = fingerprint(
            "script/2",
            commission=asked.facts(),
            block_characters=self.block_characters,
            provider=self.llm.name,
            model=self.llm.model,
            setup=self.llm.setup,
            prompts=VERSION,
        )
        steps = Steps(self.llm, self.artefacts, script=name, keep=self.keep_steps)

        async def make() -> bytes:
            draft = await self._draft(asked, steps, partial(self.report, job_id))
            data = draft.text.encode()
            written = Writing(
                script=await self.artefacts.put("script", data, media_type=PLAIN_TEXT),
                chapters=draft.chapters(),
            )
            return written.model_dump_json().encode()

        made = await self.artefacts.once("writing", name, make, media_type="application/json")
        return Writing.model_validate_json(await self.artefacts.get(made.ref))

    async def _draft(self, asked: Commission, steps: Steps, report: Callable[[str], None]) -> Draft:
        draft = await write(
            asked, steps=steps, report=report, block_characters=self.block_characters
        )
        if self.revise:
            await revise(draft, steps=steps, report=report)
        report(f"script: {len(draft.text)} characters, {asked.characters} wanted")
        return draft
