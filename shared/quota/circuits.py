"""Which circuits a verdict opens, and for how long."""

from dataclasses import dataclass
from typing import Literal

from shared.quota.verdict import MINUTE_SECONDS, Action, Scope, Verdict

# Innermost last, in the order the ledger knows them. A model's circuit is no verdict's scope:
# a model that is overloaded is left alone so that another may answer.
NAMES = ("provider", "model", "project", "domain", "key")

PROVIDER_SECONDS = 30.0
LONGEST_SECONDS = 300.0
LONGEST_SPEND_SECONDS = 600.0
# A person has to act. Nobody should have to tell us that they did: one request an hour asks.
DISABLED_SECONDS = 3_600.0
# What is known to the world stays known.
FOREVER_SECONDS = 10 * 365 * 86_400.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one circuit is told.

    Attributes:
        what: "ok" it works; "free" nothing is known; "trip" shut it; "count" shut it if often.
        seconds: For how long it is shut the first time.
        longest: What doubling ends at; the same as `seconds` where it does not double.
    """

    what: Literal["ok", "free", "trip", "count"]
    seconds: float = 0.0
    longest: float = 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """What the circuits are told, in the order of `NAMES`.

    Attributes:
        refuses: Whether waiting is of no use to a job.
    """

    steps: tuple[Step, ...]
    reason: str = ""
    refuses: bool = False


_OK, _FREE = Step("ok"), Step("free")
SERVED = Change((_OK,) * len(NAMES))
UNKNOWN = Change((_FREE,) * len(NAMES))


def change(verdict: Verdict) -> Change:
    """Return what `verdict` does to the circuits."""
    if verdict.scope is Scope.REQUEST:
        # The fault is the request's, so everything else worked.
        return SERVED
    if verdict.scope is Scope.PROVIDER:
        counted = Step("count", PROVIDER_SECONDS, LONGEST_SECONDS)
        model = counted if verdict.reason == "overloaded" else _FREE
        return Change((counted, model, _FREE, _FREE, _FREE), verdict.reason)
    tripped = _tripped(verdict)
    # It answered, so the provider itself is there; of the rest this says nothing.
    steps = [_OK, _FREE, _FREE, _FREE, _FREE]
    steps[NAMES.index(verdict.scope)] = tripped
    refuses = verdict.action in (Action.DISABLE, Action.FALLBACK_MODEL)
    return Change(tuple(steps), verdict.reason, refuses)


def _tripped(verdict: Verdict) -> Step:
    if verdict.action is not Action.BACK_OFF:
        forever = verdict.reason == "key_leaked"
        seconds = FOREVER_SECONDS if forever else DISABLED_SECONDS
        return Step("trip", seconds, seconds)
    if verdict.reason == "spend":
        return Step("trip", verdict.retry_after or MINUTE_SECONDS, LONGEST_SPEND_SECONDS)
    if verdict.retry_after is not None:
        return Step("trip", verdict.retry_after, verdict.retry_after)
    return Step("trip", MINUTE_SECONDS, LONGEST_SECONDS)
