"""What of a batch must still be made: each script, adaptation and narration once. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from services.gateway.planning import Plan
from shared.vocabulary import Options


class Script(NamedTuple):
    """Everything that decides a script, beside its agent."""

    title: str
    variation: int
    aspect: str
    characters: int
    # A text that came ready: neither written nor adapted.
    ready: bool = False


class Adapted(NamedTuple):
    """A script in a language."""

    script: Script
    language: str


class Spoken(NamedTuple):
    """A text as somebody says it. Its format and its loudness cost nothing again."""

    text: Adapted
    voice: str
    rate: float
    pitch: float
    style: str


@dataclass(frozen=True, slots=True)
class Made:
    """What is there already, and is not paid for again."""

    scripts: frozenset[Script] = frozenset()
    adapted: frozenset[Adapted] = frozenset()
    spoken: frozenset[Spoken] = frozenset()


@dataclass(slots=True)
class Workload:
    """What is to be made, by what decides how much it takes, and how often.

    Attributes:
        scripts: By their length.
        adapted: By the length of the script, and the language.
        spoken: By the length of the script, the voice and its pace.
        cached: How many jobs need nothing any more.
    """

    jobs: int = 0
    cached: int = 0
    scripts: Counter[int] = field(default_factory=Counter)
    adapted: Counter[tuple[int, str]] = field(default_factory=Counter)
    spoken: Counter[tuple[int, str, float]] = field(default_factory=Counter)
    # Of all jobs, whether or not they are there already.
    asked: Counter[tuple[int, str, float]] = field(default_factory=Counter)


@dataclass(slots=True)
class _Seen:
    scripts: set[Script]
    adapted: set[Adapted]
    spoken: set[Spoken]


def spoken(script: Script, language: str, voice: str, options: Options) -> Spoken:
    """Return the name of a script, spoken."""
    return Spoken(
        Adapted(script, language),
        voice,
        options.speaking_rate,
        options.pitch_semitones,
        options.style.strip(),
    )


def workload(plan: Plan, speeches: Iterable[Spoken], made: Made) -> Workload:
    """Return what of `plan` is still to be made.

    Args:
        plan: The batch.
        speeches: What each of its jobs is to say.
        made: What is there.
    """
    found = Workload()
    seen = _Seen(set(made.scripts), set(made.adapted), set(made.spoken))
    for speech in speeches:
        script = speech.text.script
        how = script.characters, speech.voice, speech.rate
        found.jobs += 1
        found.asked[how] += 1
        # What was said was written and adapted before.
        if speech in made.spoken:
            found.cached += 1
            continue
        if not script.ready and script not in seen.scripts:
            seen.scripts.add(script)
            found.scripts[script.characters] += 1
        foreign = not script.ready and speech.text.language != plan.agent.language
        if foreign and speech.text not in seen.adapted:
            seen.adapted.add(speech.text)
            found.adapted[script.characters, speech.text.language] += 1
        if speech not in seen.spoken:
            seen.spoken.add(speech)
            found.spoken[how] += 1
    return found
