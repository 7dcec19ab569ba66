"""From a workload to calls, money and minutes. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from services.gateway.estimating.experience import Experience
from services.gateway.estimating.rules import Amount, Rules, model_of, pace, scaled
from services.gateway.estimating.workload import Workload
from shared import catalogue
from shared.catalogue import Voice, prices
from shared.quota.limits import Limits, limits_of
from shared.vocabulary import Usage

# How long one call takes where nothing is known: a model that writes, one that speaks, ourselves.
_WRITES, _SPEAKS, _OWN = 6.0, 3.0, 0.3
# What joining, mastering and encoding take of one processor, for a second of audio.
_ENCODING = 0.02
# Families of Google's voices that have a quota of their own; the others share one.
_OWN_QUOTA = frozenset({"chirp3-hd", "neural2", "polyglot", "studio"})
_PRICED = ("provider", "model", "input_tokens", "output_tokens", "characters", "audio_seconds")
_FREE = frozenset({"offline", "espeak", "tone", "bark"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """With what the stages work here.

    Attributes:
        writer: Provider and model of what writes.
        limits: What the settings say of quotas.
        projects: In how many projects a provider has keys.
        encoders: Narrations that are encoded at once.
    """

    writer: tuple[str, str]
    limits: Mapping[str, Limits] = field(default_factory=dict)
    projects: Mapping[str, int] = field(default_factory=dict)
    encoders: int = 2

    def count(self, provider: str) -> int:
        """Return in how many projects `provider` can be asked."""
        return max(1, self.projects.get(provider, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What one provider's model is asked for in one stage."""

    stage: str
    provider: str
    model: str
    calls: int
    characters: int
    input_tokens: int
    output_tokens: int
    audio_seconds: float
    cost_usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A quota that calls count against, in each of so many projects.

    Attributes:
        requests_per_minute: Of all projects together; 0 is no limit that is known.
        requests_per_day: The same.
        seconds: How long the quota alone makes these calls take.
    """

    provider: str
    model: str
    projects: int
    calls: int
    requests_per_minute: int
    requests_per_day: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a batch will take.

    Attributes:
        jobs_cached: Jobs that are there already and cost nothing.
        calls: To providers, of everything that is new.
        characters: Of all texts that are heard; those spoken before among them.
        seconds: From its acceptance to its end, where nothing else waits.
        based_on_jobs: How many finished jobs the figures were corrected by.
    """

    jobs: int
    jobs_cached: int
    scripts: int
    adaptations: int
    calls: int
    characters: int
    audio_seconds: float
    cost_usd: float
    seconds: float
    spending: tuple[Spending, ...]
    domains: tuple[Domain, ...]
    based_on_jobs: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Foretells one batch."""

    rules: Rules
    experience: Experience
    setup: Setup
    source: str

    def of(self, work: Workload) -> Estimate:
        """Return what `work` will take."""
        amounts = self._amounts(work)
        spending = tuple(_spending(key, amount) for key, amount in sorted(amounts.items()))
        domains = self._domains(amounts)
        heard = Amount()
        for (characters, voice, rate), count in work.asked.items():
            heard += scaled(self._narration(characters, catalogue.voice(voice), rate), count)
        fresh = sum(work.spoken.values())
        return Estimate(
            jobs=work.jobs,
            jobs_cached=work.cached,
            scripts=sum(work.scripts.values()),
            adaptations=sum(work.adapted.values()),
            calls=sum(each.calls for each in spending),
            characters=round(heard.characters),
            audio_seconds=round(heard.audio_seconds, 1),
            cost_usd=round(sum(each.cost_usd for each in spending), 6),
            seconds=round(self._seconds(work, amounts, domains) if fresh else 1.0, 1),
            spending=spending,
            domains=domains,
            based_on_jobs=self.experience.jobs,
        )

    def _amounts(self, work: Workload) -> dict[tuple[str, str, str], Amount]:
        amounts: dict[tuple[str, str, str], Amount] = defaultdict(Amount)
        provider, model = self.setup.writer
        for characters, count in work.scripts.items():
            factors = self.experience.of("scripter", provider, model, self.source)
            script = self.rules.script(characters).times(factors)
            amounts["scripter", provider, model] += scaled(script, count)
        for (characters, language), count in work.adapted.items():
            factors = self.experience.of("adapter", provider, model, language)
            adapted = self.rules.adaptation(characters, self.source, language).times(factors)
            amounts["adapter", provider, model] += scaled(adapted, count)
        for (characters, name, rate), count in work.spoken.items():
            voice = catalogue.voice(name)
            narration = self._narration(characters, voice, rate)
            amounts["narrator", voice.provider, model_of(voice)] += scaled(narration, count)
        return amounts

    def _narration(self, characters: int, voice: Voice, rate: float) -> Amount:
        factors = self.experience.of("narrator", voice.provider, model_of(voice), voice.language)
        return self.rules.narration(characters, self.source, voice, rate).times(factors)

    def _domains(self, amounts: Mapping[tuple[str, str, str], Amount]) -> tuple[Domain, ...]:
        calls: dict[tuple[str, str], float] = defaultdict(float)
        for (_, provider, model), amount in amounts.items():
            calls[provider, quota_of(provider, model)] += amount.calls
        return tuple(
            self._domain(*name, ceil(count - 1e-9)) for name, count in sorted(calls.items())
        )

    def _domain(self, provider: str, model: str, calls: int) -> Domain:
        if provider in _FREE:
            limits = Limits()
        else:
            limits = limits_of(self.setup.limits, provider=provider, model=model)
        projects = self.setup.count(provider)
        per_minute = limits.rpm * projects * 60 / limits.window_seconds
        # The first ones of a minute go at once; the rest wait for their turn.
        return Domain(
            provider=provider,
            model=model,
            projects=projects,
            calls=calls,
            requests_per_minute=round(per_minute),
            requests_per_day=limits.rpd * projects,
            seconds=round(calls * limits.interval / projects, 1),
        )

    def _seconds(
        self,
        work: Workload,
        amounts: Mapping[tuple[str, str, str], Amount],
        domains: tuple[Domain, ...],
    ) -> float:
        new = sum((a.audio_seconds for (stage, *_), a in amounts.items() if stage == "narrator"))
        encoding = new * _ENCODING / self.setup.encoders
        return max(encoding, *(domain.seconds for domain in domains)) + self._one_job(work)

    def _one_job(self, work: Workload) -> float:
        """Return how long the longest job takes when it waits for nobody."""
        longest = max(characters for characters, _, _ in work.spoken)
        by_provider = {catalogue.voice(voice).provider for _, voice, _ in work.spoken}
        if known := [s for n, s in self.experience.seconds.items() if n in by_provider]:
            return max(known)
        calls = self.rules.script(longest).calls if work.scripts else 0.0
        calls += 1.0 if work.adapted else 0.0
        speaks = max(_latency(provider, _SPEAKS) for provider in by_provider)
        audio = longest / pace(self.source)
        return calls * _latency(self.setup.writer[0], _WRITES) + speaks + audio * _ENCODING


def quota_of(provider: str, model: str) -> str:
    """Return the name under which `provider` counts calls of `model`."""
    if provider == "google" and model not in _OWN_QUOTA and not model.startswith("gemini"):
        return "classic"
    return model


def _latency(provider: str, usual: float) -> float:
    return _OWN if provider in _FREE else usual


def _spending(key: tuple[str, str, str], amount: Amount) -> Spending:
    stage, provider, model = key
    spending = Spending(
        stage=stage,
        provider=provider,
        model=model,
        calls=ceil(amount.calls - 1e-9),
        characters=round(amount.characters) if stage == "narrator" else 0,
        input_tokens=round(amount.input_tokens),
        output_tokens=round(amount.output_tokens),
        audio_seconds=round(amount.audio_seconds, 1),
        cost_usd=0.0,
    )
    usage = Usage.model_validate({name: getattr(spending, name) for name in _PRICED})
    return replace(spending, cost_usd=round(prices.cost(usage), 6))
