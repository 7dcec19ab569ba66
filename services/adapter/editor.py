"""Asks for a part, looks at what came, and asks once more where it will not do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from pydantic import BaseModel

from services.adapter import answers, chapters, prompts, terms
from services.adapter.answers import Answer
from services.adapter.assignment import Assignment
from shared.catalogue.gate import Verdict
from shared.errors import WrongLanguageError
from shared.providers.llm import Completion, LanguageModel
from shared.vocabulary import Chapter, ReadingNote

# From a text, the language it is for and its title to what was found.
Judge = Callable[..., Awaitable[Verdict]]


class AdaptedPart(BaseModel):
    """An adapted part as it is kept."""

    text: str
    decisions: list[str] = []
    reading_notes: list[ReadingNote] = []
    chapters: list[Chapter] = []
    warnings: list[str] = []


@dataclass(frozen=True, slots=True)
class _Draft:
    answer: Answer
    reads_as: str
    missing: list[str]
    unchecked: str

    @property
    def faults(self) -> tuple[bool, int]:
        return bool(self.reads_as), len(self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Has a part adapted.

    Attributes:
        llm: Who adapts.
        judge: Says whether a text is in its language.
        repair: False for a writer that would answer the same again.
    """

    llm: LanguageModel
    judge: Judge
    repair: bool = True

    async def adapt(self, asked: Assignment, part: prompts.Part) -> AdaptedPart:
        """Return the part, adapted.

        Raises:
            WrongLanguageError: it came in another language, twice.
            TransientError: what came is no adaptation; another try may be one.
        """
        wanted = terms.owed(part.text, asked.glossary, asked.kept) if self.repair else {}
        completion = await self.llm.complete(prompts.adapt(asked, part))
        draft = await self._draft(asked, completion, wanted)
        if self.repair and any(draft.faults):
            again = await self.llm.complete(
                prompts.repair(
                    asked,
                    part,
                    rejected=draft.answer.text,
                    reads_as=draft.reads_as,
                    terms={term: wanted[term] for term in draft.missing},
                )
            )
            draft = min(
                await self._draft(asked, again, wanted), draft, key=lambda each: each.faults
            )
        if draft.reads_as:
            raise WrongLanguageError(self._refusal(asked, draft.reads_as))
        return self._part(part, draft, wanted)

    async def _draft(
        self, asked: Assignment, completion: Completion, wanted: dict[str, str]
    ) -> _Draft:
        answer = answers.read(completion.text)
        verdict = await self.judge(answer.text, asked.language, title=asked.title)
        missing = terms.missing(answer.text, wanted)
        return _Draft(answer, verdict.reads_as, missing, verdict.unchecked)

    def _refusal(self, asked: Assignment, reads_as: str) -> str:
        said = f"the text for {asked.language} came in {reads_as!r} from {self.llm.name}"
        if self.repair:
            return f"{said}, also after it was told so"
        return f"{said}, which cannot write {asked.language}: set LLM to a model that can"

    def _part(self, part: prompts.Part, draft: _Draft, wanted: dict[str, str]) -> AdaptedPart:
        answer = draft.answer
        warnings = [f"not checked: {draft.unchecked}"] if draft.unchecked else []
        warnings += [
            f"the term {term!r} is not there as {wanted[term]!r}" for term in draft.missing
        ]
        return AdaptedPart(
            text=answer.text,
            decisions=answer.adaptations,
            reading_notes=answer.reading_notes,
            chapters=chapters.moved(part.chapters, part.text, answer.text, answer.chapter_titles),
            warnings=warnings,
        )
