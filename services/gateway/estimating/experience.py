"""What past work took, beside what the rules said it would. Pure.

A factor is what happened divided by what was expected. The expectation counts as a little
experience of its own, so that one odd job does not turn everything round.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from services.gateway.estimating.rules import SAME, Amount, Rules, model_of, scaled
from shared import catalogue
from shared.errors import InvalidRequestError
from shared.vocabulary import Options

# Stage, provider, model, language. Of the last two each may be empty: all of them together.
Key: TypeAlias = tuple[str, str, str, str]

# Of how many jobs the rules' word is worth.
_TRUST = 0.5
# Beyond this the past was another world: it is no measure.
_LEAST, _MOST = 0.2, 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """What some finished jobs, all asked for alike, took in one stage.

    Attributes:
        jobs: How many they are.
        seconds: How long one of them took from its first step to its last, on average.
    """

    stage: str
    provider: str
    model: str
    language: str
    voice: str
    script_language: str
    options: Options
    jobs: int
    took: Amount
    seconds: float = 0.0


@dataclass(slots=True)
class _Sum:
    jobs: float = 0.0
    took: Amount = field(default_factory=Amount)
    expected: Amount = field(default_factory=Amount)

    def factor(self) -> Amount:
        one = scaled(self.expected, _TRUST / self.jobs)
        values = {}
        for name in Amount.__slots__:
            expected = getattr(self.expected, name) + getattr(one, name)
            took = getattr(self.took, name) + getattr(one, name)
            values[name] = min(_MOST, max(_LEAST, took / expected)) if expected else 1.0
        return Amount(**values)


@dataclass(frozen=True, slots=True)
class Experience:
    """By which the rules' answers are multiplied.

    Attributes:
        seconds: How long a job took, by stage of its last purchase and provider; for the time
            in which nothing waits for a quota.
    """

    factors: Mapping[Key, Amount] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    jobs: int = 0

    def of(self, stage: str, provider: str, model: str, language: str) -> Amount:
        """Return the factors for what `model` does in `language`, as near as there are any."""
        for which in ((model, language), (model, ""), ("", language), ("", "")):
            if (known := self.factors.get((stage, provider, *which))) is not None:
                return known
        return SAME


def learn(lives: Iterable[Lived], rules: Rules) -> Experience:
    """Return what `lives` teach about `rules`."""
    sums: dict[Key, _Sum] = defaultdict(_Sum)
    waited: dict[str, tuple[float, int]] = {}
    jobs = 0
    for life in lives:
        expected = _expected(life, rules)
        if expected is None:
            continue
        for model, language in product((_model(life), ""), (_language(life), "")):
            total = sums[life.stage, life.provider, model, language]
            total.jobs += life.jobs
            total.took += life.took
            total.expected += scaled(expected, life.jobs)
        if life.stage == "narrator":
            jobs += life.jobs
            seconds, count = waited.get(life.provider, (0.0, 0))
            waited[life.provider] = seconds + life.seconds * life.jobs, count + life.jobs
    return Experience(
        factors={key: total.factor() for key, total in sums.items()},
        seconds={name: seconds / count for name, (seconds, count) in waited.items() if count},
        jobs=jobs,
    )


def _model(life: Lived) -> str:
    # A bill may name a voice's model otherwise than the catalogue does.
    return model_of(catalogue.voice(life.voice)) if life.stage == "narrator" else life.model


def _language(life: Lived) -> str:
    return life.script_language if life.stage == "scripter" else life.language


def _expected(life: Lived, rules: Rules) -> Amount | None:
    characters = rules.wanted(life.options, life.script_language)
    if life.stage == "scripter":
        return rules.script(characters)
    if life.stage == "adapter":
        return rules.adaptation(characters, life.script_language, life.language)
    try:
        voice = catalogue.voice(life.voice)
    except InvalidRequestError:
        # It has left the catalogue since.
        return None
    return rules.narration(characters, life.script_language, voice, life.options.speaking_rate)
