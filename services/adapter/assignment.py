"""What is to be adapted: everything that decides an adapted script, and nothing else. Pure."""

from dataclasses import asdict, dataclass, field
from typing import Any

from services.adapter import languages
from shared.events import ScriptGenerated
from shared.vocabulary import Agent, Chapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A script to be adapted.

    Attributes:
        title: What it is about.
        script: SHA-256 of its text.
        source: The language it is written in.
        language: The language it is to be in.
        chapters: Where its chapters begin.
        persona: Who the agent is.
        adaptation: What the agent asks of every adaptation.
        culture: What the agent says about listeners in this language.
        glossary: How the agent wants terms to be said in this language.
        kept: Terms that stay as they are.
        one_model: Whether only the first model of the settings may adapt it.
    """

    title: str
    script: str
    source: str
    language: str
    chapters: tuple[Chapter, ...] = ()
    persona: str = ""
    adaptation: str = ""
    culture: str = ""
    glossary: dict[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()
    one_model: bool = False

    def facts(self) -> dict[str, Any]:
        """Return it as plain values."""
        facts = asdict(self)
        # Nothing where any model may answer: it is named as it always was.
        if not self.one_model:
            del facts["one_model"]
        return facts


def assignment(
    event: ScriptGenerated, agent: Agent | None, *, script: str, source: str
) -> Assignment:
    """Return what `event` asks for. `script` is the hash of the text, `source` its language."""
    agent = agent or Agent()
    return Assignment(
        title=event.title.strip(),
        script=script,
        source=source,
        language=event.language,
        chapters=event.chapters,
        persona=agent.persona_prompt.strip(),
        adaptation=agent.cultural_adaptation_prompt.strip(),
        culture=(languages.configured(agent.cultural_configs, event.language) or "").strip(),
        glossary=languages.configured(agent.glossary, event.language) or {},
        kept=agent.do_not_translate,
        one_model=not event.options.other_models,
    )
