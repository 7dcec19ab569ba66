"""script.generated -> script.adapted."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import BaseModel

from services.adapter import languages, parts, review
from services.adapter.adapting import AdaptedScript, Make, adapt
from services.adapter.assignment import Assignment, assignment
from services.adapter.editor import AdaptedPart, Editor
from services.adapter.prompts import VERSION
from shared.artefacts import Artefacts, fingerprint
from shared.errors import InvalidRequestError, WrongLanguageError
from shared.events import JobsParked, ScriptAdapted, ScriptGenerated
from shared.vocabulary import Agent, ArtefactRef, Chapter, ReadingNote

PLAIN_TEXT = "text/plain; charset=utf-8"
JSON = "application/json"


class Adaptation(BaseModel):
    """What is kept of an adaptation: where its text lies, and what belongs to it."""

    script: ArtefactRef
    chapters: tuple[Chapter, ...] = ()
    reading_notes: tuple[ReadingNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Adapts a script once per language; lets it pass where it is in that language already."""

    editor: Editor
    artefacts: Artefacts
    report: Callable[[UUID, str], None]
    part_characters: int

    async def __call__(self, event: ScriptGenerated) -> list[ScriptAdapted | JobsParked]:
        """Answer one script; hold it where somebody wants to read it first."""
        adapted = await self._answer(event)
        return [review.held(event, adapted) if review.wanted(event) else adapted]

    async def _answer(self, event: ScriptGenerated) -> ScriptAdapted:
        script = event.script or await self._stored(event.text or "")
        text = event.text or await self._text(script)
        source = event.script_language or event.language
        if languages.same(source, event.language):
            source = await self._language(event, text)
            if not source:
                passed = event.leads_to("adapted")
                return ScriptAdapted(**passed, script=script, chapters=event.chapters)
        agent = await self._agent(event)
        asked = assignment(event, agent, script=script.sha256, source=source)
        made = await self._adapted(event.job_id, asked, text)
        return ScriptAdapted(
            **event.leads_to("adapted"),
            script=made.script,
            chapters=made.chapters,
            reading_notes=made.reading_notes,
        )

    async def _stored(self, text: str) -> ArtefactRef:
        return await self.artefacts.put("script", text.encode(), media_type=PLAIN_TEXT)

    async def _text(self, script: ArtefactRef) -> str:
        try:
            return (await self.artefacts.get(script)).decode()
        except UnicodeDecodeError as error:
            raise InvalidRequestError(f"the script {script.key!r} is not UTF-8 text") from error

    async def _language(self, event: ScriptGenerated, text: str) -> str:
        """Return the language a script that may pass through is in, unless it is the right one."""
        verdict = await self.editor.judge(text, event.language, title=event.title)
        if verdict.unchecked:
            self.report(event.job_id, f"not checked: {verdict.unchecked}")
        if not verdict.reads_as:
            return ""
        said = f"the script is said to be in {event.language} and reads as {verdict.reads_as!r}"
        if not self.editor.repair:
            raise WrongLanguageError(f"{said}; {self.editor.llm.name} cannot translate it")
        self.report(event.job_id, said)
        return verdict.reads_as

    async def _agent(self, event: ScriptGenerated) -> Agent | None:
        if event.agent is not None or event.agent_ref is None:
            return event.agent
        return Agent.model_validate_json(await self.artefacts.get(event.agent_ref))

    async def _adapted(self, job_id: UUID, asked: Assignment, text: str) -> Adaptation:
        llm = self.editor.llm
        name = fingerprint(
            "adapted/2",
            assignment=asked.facts(),
            part_characters=self.part_characters,
            provider=llm.name,
            model=llm.model,
            setup=llm.setup,
            prompts=VERSION,
        )

        async def make() -> bytes:
            self.report(job_id, f"adapting from {asked.source} to {asked.language}")
            adapted = await self._adapt(name, asked, text)
            self._tell(job_id, adapted)
            data = adapted.text.encode()
            made = Adaptation(
                script=await self.artefacts.put("adapted", data, media_type=PLAIN_TEXT),
                chapters=tuple(adapted.chapters),
                reading_notes=tuple(adapted.reading_notes),
            )
            return made.model_dump_json().encode()

        artefact = await self.artefacts.once("adaptation", name, make, media_type=JSON)
        return Adaptation.model_validate_json(await self.artefacts.get(artefact.ref))

    def _tell(self, job_id: UUID, adapted: AdaptedScript) -> None:
        decisions = f", {adapted.decisions} decisions" if adapted.decisions else ""
        self.report(job_id, f"adapted: {len(adapted.text)} characters{decisions}")
        for warning in adapted.warnings:
            self.report(job_id, warning)

    async def _adapt(self, name: str, asked: Assignment, text: str) -> AdaptedScript:
        script = parts.split(text, limit=self.part_characters)
        if not script:
            raise InvalidRequestError("the script is empty")

        async def keep(number: int, make: Make) -> AdaptedPart:
            # The only part is the whole, which is kept as such.
            return await (make() if len(script) == 1 else self._kept(name, number, make))

        return await adapt(asked, script, editor=self.editor, keep=keep)

    async def _kept(self, name: str, number: int, make: Make) -> AdaptedPart:
        async def made() -> bytes:
            return (await make()).model_dump_json().encode()

        key = fingerprint("part/2", adapted=name, part=number)
        part = await self.artefacts.once("step", key, made, media_type=JSON)
        return AdaptedPart.model_validate_json(await self.artefacts.get(part.ref))
