"""script.generated -> script.adapted."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.adapter import languages, parts
from services.adapter.adapting import AdaptedPart, AdaptedScript, Make, adapt
from services.adapter.assignment import Assignment, assignment
from services.adapter.prompts import VERSION
from shared.artefacts import Artefacts, fingerprint
from shared.errors import InvalidRequestError
from shared.events import ScriptAdapted, ScriptGenerated
from shared.providers.llm import LanguageModel
from shared.vocabulary import Agent, ArtefactRef, Usage

PLAIN_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Adapts a script once per language; lets it pass where it is in that language already."""

    llm: LanguageModel
    artefacts: Artefacts
    report: Callable[[UUID, str], None]
    part_characters: int

    async def __call__(self, event: ScriptGenerated) -> list[ScriptAdapted]:
        """Answer one script."""
        script = event.script or await self._stored(event.text or "")
        source = event.script_language or event.language
        if languages.same(source, event.language):
            return [ScriptAdapted(**event.leads_to("adapted"), script=script)]
        agent = await self._agent(event)
        asked = assignment(event, agent, script=script.sha256, source=source)
        ref, usage = await self._adapted(event.job_id, asked, script)
        return [ScriptAdapted(**event.leads_to("adapted"), script=ref, usage=(usage,))]

    async def _stored(self, text: str) -> ArtefactRef:
        return await self.artefacts.put("script", text.encode(), media_type=PLAIN_TEXT)

    async def _agent(self, event: ScriptGenerated) -> Agent | None:
        if event.agent is not None or event.agent_ref is None:
            return event.agent
        return Agent.model_validate_json(await self.artefacts.get(event.agent_ref))

    async def _adapted(
        self, job_id: UUID, asked: Assignment, script: ArtefactRef
    ) -> tuple[ArtefactRef, Usage]:
        name = fingerprint(
            "adapted/1",
            assignment=asked.facts(),
            part_characters=self.part_characters,
            provider=self.llm.name,
            model=self.llm.model,
            prompts=VERSION,
        )
        made: list[AdaptedScript] = []

        async def make() -> bytes:
            self.report(job_id, f"adapting from {asked.source} to {asked.language}")
            adapted = await self._adapt(name, asked, await self._text(script))
            decisions = f", {adapted.notes} decisions" if adapted.notes else ""
            self.report(job_id, f"adapted: {len(adapted.text)} characters{decisions}")
            made.append(adapted)
            return adapted.text.encode()

        artefact = await self.artefacts.once("adapted", name, make, media_type=PLAIN_TEXT)
        if artefact.fresh:
            return artefact.ref, made[-1].usage
        return artefact.ref, Usage(provider=self.llm.name, model=self.llm.model)

    async def _text(self, script: ArtefactRef) -> str:
        try:
            return (await self.artefacts.get(script)).decode()
        except UnicodeDecodeError as error:
            raise InvalidRequestError(f"the script {script.key!r} is not UTF-8 text") from error

    async def _adapt(self, name: str, asked: Assignment, text: str) -> AdaptedScript:
        texts = parts.split(text, limit=self.part_characters)
        if not texts:
            raise InvalidRequestError("the script is empty")

        async def keep(number: int, make: Make) -> AdaptedPart:
            # The only part is the whole, which is kept as such.
            return await (make() if len(texts) == 1 else self._kept(name, number, make))

        return await adapt(asked, texts, llm=self.llm, keep=keep)

    async def _kept(self, name: str, number: int, make: Make) -> AdaptedPart:
        async def made() -> bytes:
            return (await make()).model_dump_json().encode()

        key = fingerprint("part/1", adapted=name, part=number)
        part = await self.artefacts.once("step", key, made, media_type="application/json")
        return AdaptedPart.model_validate_json(await self.artefacts.get(part.ref))
