"""What is to be written: everything that decides a master script, and nothing else. Pure."""

from dataclasses import asdict, dataclass
from typing import Any

from shared import catalogue
from shared.errors import InvalidRequestError
from shared.events import JobsRequested
from shared.vocabulary import Agent

# What most languages written with letters come to, where the catalogue does not know one.
_CHARACTERS_PER_SECOND = 14.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """A master script to be written.

    Attributes:
        title: What it is about.
        language: What it is written in.
        characters: How long it should be.
        variation: Which telling of the title, from 1.
        aspect: What makes this telling different; empty for the plain one.
        premise: What the agent wants of the premise.
        persona: Who the agent is; part of everything that is asked.
        structure: What the agent wants of the blocks.
        one_model: Whether only the first model of the settings may write it.
    """

    title: str
    language: str
    characters: int
    variation: int = 1
    aspect: str = ""
    premise: str = ""
    persona: str = ""
    structure: str = ""
    one_model: bool = False

    def facts(self) -> dict[str, Any]:
        """Return it as plain values."""
        facts = asdict(self)
        # Nothing where any model may answer: it is named as it always was.
        if not self.one_model:
            del facts["one_model"]
        return facts


def commission(event: JobsRequested, agent: Agent | None, *, default_minutes: float) -> Commission:
    """Return what `event` asks for.

    Args:
        event: The job. Of its languages and voices nothing is kept: they share the script.
        agent: Who writes. With nobody, the script is in the job's own language.
        default_minutes: How long it should be where the job does not say.
    """
    language = agent.language if agent else event.language
    options = event.options
    minutes = default_minutes
    if options.target_minutes is not None:
        # A faster voice needs more text to fill the same minutes.
        minutes = options.target_minutes * options.speaking_rate
    return Commission(
        title=event.title.strip(),
        language=language,
        characters=options.target_characters or round(minutes * 60 * _pace(language)),
        variation=event.variation,
        aspect=event.aspect.strip(),
        premise=agent.premise_prompt.strip() if agent else "",
        persona=agent.persona_prompt.strip() if agent else "",
        structure=agent.block_structure_prompt.strip() if agent else "",
        one_model=not options.other_models,
    )


def _pace(language: str) -> float:
    try:
        return catalogue.language(language).characters_per_second
    except InvalidRequestError:
        # Nobody may speak it, but a script can be written in any language.
        return _CHARACTERS_PER_SECOND
