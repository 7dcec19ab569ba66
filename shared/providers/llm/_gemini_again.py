"""When Gemini is asked the same once more, and what is asked otherwise then."""

from collections.abc import Callable, Sequence
from typing import Literal

from shared.quota import Action, Verdict

# Once in milder words; where it recited, twice in other words, and with another seed each.
_MOST = {"blocked": 1, "recited": 2, "late": 1}
# What is asked for after an answer that came too late, and after a longer wait too.
_LESS = {"high": "medium", "medium": "low"}

_MILDER = (
    "An earlier answer was withheld by a content filter. Answer so that a general audience may "
    "hear it: suggest what is harsh instead of showing it, and use wording of your own."
)
_ORIGINAL = (
    "An earlier answer was withheld because it repeats a published text. Use original wording "
    "throughout: quote nothing, and tell it in a way of your own."
)

_What = Literal["blocked", "recited", "late", ""]


def may(thinking_level: str) -> Callable[[Sequence[Verdict]], bool]:
    """Return what says whether the key that failed is asked once more.

    Args:
        thinking_level: What is set: a model that thinks less may yet answer in time.
    """
    most = _MOST | ({"late": 2} if thinking_level in _LESS else {})

    def may_again(said: Sequence[Verdict]) -> bool:
        kind = _kind(said[-1])
        return bool(kind) and _times(said, kind) <= most[kind]

    return may_again


def reworded(system: str, said: Sequence[Verdict]) -> str:
    """Return the rules of a question, with what answers to it so far have shown to be missing."""
    more = [_MILDER] if _times(said, "blocked") else []
    more += [_ORIGINAL] if _times(said, "recited") else []
    return "\n\n".join(filter(None, (system, *more)))


def seed(said: Sequence[Verdict]) -> int:
    """Return the seed of the next answer; 0 leaves it to chance."""
    return _times(said, "recited")


def thinking(level: str, said: Sequence[Verdict]) -> str:
    """Return how much the next answer may be thought about."""
    return _LESS.get(level, level) if _times(said, "late") > 1 else level


def _times(said: Sequence[Verdict], kind: _What) -> int:
    return sum(_kind(verdict) == kind for verdict in said)


def _kind(verdict: Verdict) -> _What:
    if verdict.reason == "timeout":
        return "late"
    if verdict.action is not Action.REWRITE:
        return ""
    return "recited" if verdict.reason == "blocked_recitation" else "blocked"
