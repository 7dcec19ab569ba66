"""Estimates batches: what they ask for, less what is there, at the pace of the past."""

import hashlib
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from services.gateway.defaults import Defaults
from services.gateway.drafts import BatchDraft
from services.gateway.estimating.experience import Experience, Lived, learn
from services.gateway.estimating.forecast import Estimate, Forecast, Setup
from services.gateway.estimating.rules import Amount, Rules
from services.gateway.estimating.workload import Adapted, Made, Script, Spoken, spoken, workload
from services.gateway.planning import Plan, plan
from services.gateway.store.history import Told
from shared import catalogue
from shared.providers.tts import SpeakersOf
from shared.vocabulary import Options

LEARNT_WITHIN = timedelta(days=30)
LEARNT_FROM = 5_000
LEARNT_FOR_SECONDS = 30.0

_AMOUNT = ("calls", "characters", "input_tokens", "output_tokens", "audio_seconds")


class History(Protocol):
    """What was made and spent before."""

    async def lives(self, *, within: timedelta, limit: int) -> list[dict[str, Any]]:
        """Return what jobs took of late."""
        ...

    async def told(self, user_id: UUID, titles: Collection[str], agent_sha256: str) -> list[Told]:
        """Return what an agent told this user of these titles before."""
        ...


# From a user to the projects of that user's own keys, by provider.
Projects = Callable[[UUID], Awaitable[dict[str, int]]]


@dataclass(slots=True, kw_only=True)
class Estimator:
    """Estimates batches.

    Attributes:
        history: What was made and spent before.
        rules: What the stages are set to.
        setup: With what they work.
        projects: In how many projects of theirs a user has keys, by provider.
        speakers: Tells who may speak for a user who names no voice.
        max_jobs: The most a batch may expand to.
        defaults: What a batch follows where it says nothing itself.
    """

    history: History
    rules: Rules
    setup: Setup
    projects: Projects
    speakers: SpeakersOf
    max_jobs: int
    defaults: Defaults
    _learnt: tuple[float, Experience] | None = field(default=None, init=False)

    async def estimate(self, user_id: UUID, draft: BatchDraft) -> tuple[Plan, Estimate]:
        """Return what `draft` would become, and what that would take.

        Raises:
            InvalidFieldsError: the draft asks for what cannot be.
            UnavailableError: the past cannot be read now.
        """
        speakers = await self.speakers(user_id)
        whole = await self.defaults.complete(user_id, draft)
        wanted = plan(
            whole.draft, speakers=speakers, max_jobs=self.max_jobs, preferred=whole.voices
        )
        made = await self._made(user_id, wanted)
        source = catalogue.language(wanted.agent.language).code
        wanted = replace(wanted, agent=wanted.agent.model_copy(update={"language": source}))
        work = workload(wanted, self._speeches(wanted), made)
        own = await self.projects(user_id)
        projects = {
            name: self.setup.projects.get(name, 0) + own.get(name, 0)
            for name in {*self.setup.projects, *own}
        }
        setup = replace(self.setup, projects=projects)
        return wanted, Forecast(self.rules, await self._experience(), setup, source).of(work)

    def _speeches(self, wanted: Plan) -> list[Spoken]:
        return [
            spoken(
                self._script(job.title, job.variation, job.aspect, job.options, wanted)
                if job.text is None
                else Script(job.text, 1, "", len(job.text), ready=True),
                job.language,
                job.voice,
                job.options,
            )
            for job in wanted.jobs()
        ]

    def _script(
        self, title: str, variation: int, aspect: str, options: Options, wanted: Plan
    ) -> Script:
        return Script(title, variation, aspect, self.rules.wanted(options, wanted.agent.language))

    async def _made(self, user_id: UUID, wanted: Plan) -> Made:
        # The agent as it would be stored: its hash is how finished jobs name it.
        sha256 = hashlib.sha256(wanted.agent.model_dump_json().encode()).hexdigest()
        scripts: set[Script] = set()
        adapted: set[Adapted] = set()
        speeches: set[Spoken] = set()
        for told in await self.history.told(user_id, wanted.distinct_titles(), sha256):
            script = self._script(told.title, told.variation, told.aspect, told.options, wanted)
            scripts.add(script)
            if told.adapted:
                adapted.add(Adapted(script, told.language))
            if told.spoken and told.voice:
                speeches.add(spoken(script, told.language, told.voice, told.options))
        return Made(frozenset(scripts), frozenset(adapted), frozenset(speeches))

    async def _experience(self) -> Experience:
        now = time.monotonic()
        if self._learnt is None or now - self._learnt[0] > LEARNT_FOR_SECONDS:
            rows = await self.history.lives(within=LEARNT_WITHIN, limit=LEARNT_FROM)
            self._learnt = now, learn(map(_lived, rows), self.rules)
        return self._learnt[1]


def _lived(row: dict[str, Any]) -> Lived:
    took = Amount(**{name: row[name] for name in _AMOUNT})
    rest = {name: value for name, value in row.items() if name not in _AMOUNT}
    return Lived(took=took, **rest | {"seconds": rest["seconds"] or 0.0})
