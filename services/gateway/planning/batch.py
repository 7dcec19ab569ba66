"""A batch with nothing left to decide."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

from services.gateway.drafts import BatchDraft
from services.gateway.errors import InvalidFieldsError
from services.gateway.planning import titles as titles_of
from services.gateway.planning.findings import Findings
from services.gateway.planning.rows import Rows
from services.gateway.planning.targets import Targets
from shared import catalogue
from shared.errors import InvalidRequestError
from shared.providers.tts import Speakers
from shared.vocabulary import Agent, Mode, Options, Row, Target, Variation


class Asked(NamedTuple):
    """One job of a plan."""

    title: str
    language: str
    voice: str
    variation: int
    aspect: str
    options: Options
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a batch will be; `BatchRequest` without where its agent is kept."""

    mode: Mode
    name: str
    titles: tuple[str, ...]
    targets: tuple[Target, ...]
    variations: tuple[Variation, ...]
    agent: Agent
    options: Options
    rows: tuple[Row, ...] = ()
    # By language: why its voice, where nobody was named.
    voice_reasons: Mapping[str, str] = field(default_factory=dict)

    def jobs(self) -> Iterator[Asked]:
        """Yield every job, in the order of the batch."""
        for title, variation, target in product(self.titles, self.variations, self.targets):
            yield Asked(
                title, target.language, target.voice, variation.number, variation.aspect,
                self.options,
            )  # fmt: skip
        for row in self.rows:
            yield Asked(
                row.title, row.language, row.voice, row.variation, row.aspect,
                row.options or self.options, row.text,
            )  # fmt: skip

    def distinct_titles(self) -> list[str]:
        """Return every title once."""
        return list(dict.fromkeys([*self.titles, *(row.title for row in self.rows)]))


def plan(
    draft: BatchDraft,
    *,
    speakers: Speakers,
    max_jobs: int,
    preferred: Mapping[str, str] | None = None,
) -> Plan:
    """Return what `draft` asks for.

    Args:
        draft: What the client sent.
        speakers: Who may speak where the client names no voice.
        max_jobs: The most a batch may expand to.
        preferred: Whom the user likes best, by language; the batch and its agent come first.

    Raises:
        InvalidFieldsError: it asks for what cannot be; every reason is in it.
    """
    found = Findings()
    choosing = Targets(draft, speakers, found, preferred=preferred or {})
    if draft.rows is not None:
        return _listed(draft, Rows(choosing), max_jobs)
    titles = titles_of.choose(draft, found)
    targets = choosing.choose()
    variations = _variations(draft, found)
    _agent_language(draft, found)
    _review(draft, choosing)
    _mode(draft, len(titles), len({target.language for target in targets}), found)
    jobs = len(titles) * len(targets) * len(variations)
    if jobs > max_jobs:
        found.add(
            f"{len(titles)} titles x {len(targets)} voices x {len(variations)} variations are "
            f"{jobs} jobs; a batch may have {max_jobs}, so split it"
        )
    if found.errors:
        raise InvalidFieldsError(found.errors)
    return Plan(
        mode=draft.mode,
        name=draft.name.strip(),
        titles=titles,
        targets=targets,
        variations=variations,
        agent=draft.agent.content() if draft.agent else Agent(language=targets[0].language),
        options=Options.model_validate(draft.options.model_dump()),
        voice_reasons=choosing.reasons,
    )


def _listed(draft: BatchDraft, rows: Rows, max_jobs: int) -> Plan:
    chosen = rows.choose()
    _agent_language(draft, rows.found)
    _review(draft, rows.targets)
    if len(chosen) > max_jobs:
        rows.found.add(f"{len(chosen)} rows; a batch may have {max_jobs}, so split it", "rows")
    if rows.found.errors:
        raise InvalidFieldsError(rows.found.errors)
    return Plan(
        mode=draft.mode,
        name=draft.name.strip(),
        titles=(),
        targets=(),
        variations=(),
        agent=draft.agent.content() if draft.agent else Agent(language=chosen[0].language),
        options=Options.model_validate(draft.options.model_dump()),
        rows=chosen,
        voice_reasons=rows.targets.reasons,
    )


def _variations(draft: BatchDraft, found: Findings) -> tuple[Variation, ...]:
    aspects = [variation.aspect.strip() for variation in draft.variations]
    for index, aspect in enumerate(aspects):
        if aspect and aspect in aspects[:index]:
            first = f"/variations/{aspects.index(aspect)}"
            found.add(f"the same aspect as {first}; leave one out", "variations", index, "aspect")
    return tuple(
        Variation(number=number, aspect=aspect) for number, aspect in enumerate(aspects, start=1)
    )


def _agent_language(draft: BatchDraft, found: Findings) -> None:
    if draft.agent is None:
        return
    try:
        catalogue.language(draft.agent.language)
    except InvalidRequestError as error:
        found.add(str(error), "agent", "language")


def _review(draft: BatchDraft, choosing: Targets) -> None:
    # One that is misspelt would hold nothing, and be narrated unread.
    for index, language in enumerate(draft.options.review):
        choosing.language(language, ("options", "review", index))


def _mode(draft: BatchDraft, titles: int, languages: int, found: Findings) -> None:
    if draft.mode is Mode.EXPAND_LANGUAGES and titles > 1:
        detail = f"expand_languages takes one title, not {titles}; or use mode matrix"
        found.add(detail, "titles")
    if draft.mode is Mode.EXPAND_TITLES and languages > 1:
        detail = f"expand_titles takes one language, not {languages}; or use mode matrix"
        found.add(detail, "targets" if draft.targets else "languages")
