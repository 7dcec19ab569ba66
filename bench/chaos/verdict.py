"""What was found, held against what is promised. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

REPEATED_PERCENT = 0.5
# Of fewer calls, one that a kill cut off is more than that already.
ENOUGH_CALLS = 1_000


def broken(result: Mapping[str, Any]) -> list[str]:
    """Return the promises that do not hold, in words; none is what everybody wants."""
    return list(_broken(result))


def _broken(result: Mapping[str, Any]) -> Iterator[str]:
    if lost := result["lost"]:
        yield f"{len(lost)} jobs lost: {lost[:5]}"
    if missing := result["asked"] - result["jobs"]:
        yield f"{missing} jobs of accepted batches were never made"
    if twice := result["artefacts_twice"]:
        yield f"{len(twice)} jobs have two different audios: {twice[:5]}"
    if wrong := result["wrong_counts"]:
        yield f"{len(wrong)} batches do not add up: {wrong[:3]}"
    yield from _paid_twice(result["bill"])
    if other := result["not_of_the_log"]:
        yield f"{len(other)} rows are not what the log gives: {other[:3]}"
    if back := result["went_back"]:
        yield f"progress went back in {back}"


def _paid_twice(bill: Mapping[str, Any]) -> Iterator[str]:
    percent, cut_off = bill["repeated_percent"], bill["repeated"] == bill["in_flight"]
    if percent > REPEATED_PERCENT and not (cut_off and bill["billable"] < ENOUGH_CALLS):
        yield f"{percent:.2f} % of what was paid for had been paid for before"
