"""What somebody should know before asking for a batch. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from services.gateway.estimating.forecast import Estimate
from services.gateway.planning import Plan
from services.gateway.problems import MOST_ERRORS, pointer

# Longer ones are sentences, and models take them for instructions.
_LONG_TITLE = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know, and which part of the request it is about."""

    kind: Literal["will_not_fit", "warning"]
    code: str
    pointer: str
    detail: str


def fits(wanted: Plan, estimate: Estimate) -> Iterator[Finding]:
    """Yield why the batch would stop before its end."""
    budget = wanted.options.budget_usd
    if budget is not None and estimate.cost_usd > budget:
        yield Finding(
            "will_not_fit",
            "budget",
            "/options/budget_usd",
            f"about {estimate.cost_usd:.2f} USD are needed, and the budget is {budget:.2f}: raise "
            "it, or ask for fewer or shorter jobs",
        )
    for domain in estimate.domains:
        if domain.requests_per_day and domain.calls > domain.requests_per_day:
            days = -(-domain.calls // domain.requests_per_day)
            yield Finding(
                "will_not_fit",
                "daily_quota",
                "",
                f"{domain.calls} calls of {domain.provider}/{domain.model} are needed, and a day "
                f"allows {domain.requests_per_day}: it would take {days} days, unless keys of "
                "other projects are added",
            )


def notes(wanted: Plan) -> Iterator[Finding]:
    """Yield what is odd about single titles and rows; the first hundred of it."""
    titles = [(("titles", number), title) for number, title in enumerate(wanted.titles)]
    rows = [(("rows", number, "title"), row.title) for number, row in enumerate(wanted.rows)]
    alike: dict[str, str] = defaultdict(str)
    count = 0
    for place, title in (*titles, *rows):
        where = pointer(place)
        for code, detail in _odd(title, alike, where, repeats=bool(rows)):
            count += 1
            if count > MOST_ERRORS:
                return
            yield Finding("warning", code, where, detail)


def _odd(
    title: str, alike: dict[str, str], where: str, *, repeats: bool
) -> Iterator[tuple[str, str]]:
    if len(title) > _LONG_TITLE:
        yield "long_title", f"a title of {len(title)} characters may be taken for instructions"
    plain = " ".join(title.casefold().split()).strip(".!?… ")
    if not repeats and (first := alike[plain]):
        yield "similar_title", f"nearly the same as {first}: it is written and paid for by itself"
    alike[plain] = alike[plain] or where
