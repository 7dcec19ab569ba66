"""What a provider's answer means: for the request, for its key, and for everyone else.

A provider describes what it was told as an `Answer`; nothing here knows an SDK.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from shared.errors import (
    BrokenError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TooLongError,
    TransientError,
)

# Where a limit names no delay. Quotas are counted per minute, so half of one is a fair guess.
MINUTE_SECONDS = 30.0
# Spend is limited over a rolling ten minutes: hammering it only makes it longer.
SPEND_SECONDS = 120.0
_RETRY_SECONDS = {503: 10.0, 504: 5.0}
# Aborted and cancelled too: the request may be sent again as it is.
_TIMEOUTS = frozenset({408, 409, 499})
_PACIFIC = ZoneInfo("America/Los_Angeles")
# What a job is told where the world may heal, by reason; everything else is any failure.
_TRANSIENT: dict[str, type[TransientError]] = {"timeout": TimedOutError, "internal": BrokenError}
_LIMIT_ZERO = re.compile(r"limit: 0(?![.\d])")


class Action(StrEnum):
    """What to do now."""

    RETRY = "retry"
    BACK_OFF = "back_off"
    DISABLE = "disable"
    FALLBACK_MODEL = "fallback_model"
    SPLIT = "split"
    REWRITE = "rewrite"
    FAIL = "fail"


class Scope(StrEnum):
    """What an answer speaks about: who else would be told the same."""

    REQUEST = "request"
    KEY = "key"
    DOMAIN = "domain"
    PROJECT = "project"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means.

    Attributes:
        action: What to do about it.
        reason: The stable name of what happened.
        scope: Who else is concerned.
        retry_after: Seconds until it makes sense to ask again, where that is known.
    """

    action: Action
    reason: str
    scope: Scope = Scope.REQUEST
    retry_after: float | None = None


class ProviderError(PipelineError):
    """A provider did not serve a call.

    It does not leave the provider's client: the pool learns from it, and a call that cannot
    go on raises the error that the runtime knows.
    """

    def __init__(self, verdict: Verdict, message: str) -> None:
        super().__init__(message)
        self.verdict = verdict

    def for_the_runtime(self) -> PipelineError:
        """Return the same as one of the errors that everyone knows."""
        verdict = self.verdict
        if verdict.action is Action.RETRY:
            kind = _TRANSIENT.get(verdict.reason, TransientError)
            return kind(str(self), retry_after=verdict.retry_after)
        if verdict.action is Action.BACK_OFF:
            return RateLimitedError(str(self), retry_after=verdict.retry_after or MINUTE_SECONDS)
        return (TooLongError if verdict.action is Action.SPLIT else RefusedError)(str(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An error a provider answered with.

    Attributes:
        code: HTTP status, or its equal.
        status: Google's name of it, e.g. "RESOURCE_EXHAUSTED".
        message: What it says.
        reason: `ErrorInfo.reason`.
        quota: Names of the quotas that were exceeded.
        quota_value: How much of each there would be.
        retry_delay: The delay it asks for, in seconds.
    """

    code: int
    status: str = ""
    message: str = ""
    reason: str = ""
    quota: str = ""
    quota_value: str = ""
    retry_delay: float | None = None


def classify(answer: Answer, *, now: datetime | None = None) -> Verdict:
    """Return what `answer` means."""
    if answer.code == 429 or answer.status == "RESOURCE_EXHAUSTED":
        return _limited(answer, now or datetime.now(UTC))
    for applies, verdict in _RULES:
        if applies(answer):
            return verdict
    if answer.code in _TIMEOUTS or 500 <= answer.code < 600:
        return _failed(answer)
    return Verdict(Action.FAIL, f"bad_request_{answer.code}")


def seconds_to_pacific_midnight(now: datetime) -> float:
    """Return how long until daily quotas start anew."""
    here = now.astimezone(_PACIFIC)
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=5, microsecond=0)
    # Through UTC: the difference of two times of one zone ignores a clock change between them.
    return (midnight.astimezone(UTC) - now).total_seconds()


def pacific_day(now: datetime) -> str:
    """Return the day that daily quotas are counted on."""
    return now.astimezone(_PACIFIC).date().isoformat()


def _limited(answer: Answer, now: datetime) -> Verdict:
    said = answer.message.lower()
    if "credit" in said and "deplet" in said:
        return Verdict(Action.DISABLE, "prepay_depleted", Scope.PROJECT)
    if "spend" in said or "billing history" in said:
        delay = max(answer.retry_delay or 0.0, SPEND_SECONDS)
        return Verdict(Action.BACK_OFF, "spend", Scope.PROJECT, delay)
    return _over_quota(answer, said, now)


def _over_quota(answer: Answer, said: str, now: datetime) -> Verdict:
    quota = answer.quota.lower()
    if "freetier" in quota and _nothing_at_all(answer, said):
        return Verdict(Action.FALLBACK_MODEL, "no_free_tier", Scope.DOMAIN)
    if "perday" in quota or "per day" in said:
        # A daily limit still carries a short delay; believing it burns attempts.
        wait = seconds_to_pacific_midnight(now)
        return Verdict(Action.BACK_OFF, "quota_day", Scope.DOMAIN, wait)
    return Verdict(Action.BACK_OFF, "quota_minute", Scope.DOMAIN, answer.retry_delay)


def _nothing_at_all(answer: Answer, said: str) -> bool:
    # One answer names several quotas, and a zero may be left out where it is a field.
    return "0" in answer.quota_value.split() or _LIMIT_ZERO.search(said) is not None


def _failed(answer: Answer) -> Verdict:
    delay = answer.retry_delay or _RETRY_SECONDS.get(answer.code, 2.0)
    timeout = answer.code == 504 or answer.code in _TIMEOUTS
    name = "timeout" if timeout else "overloaded" if answer.code == 503 else "internal"
    return Verdict(Action.RETRY, name, Scope.PROVIDER, delay)


def _says(*words: str) -> Callable[[Answer], bool]:
    pattern = re.compile("|".join(words), re.I)
    return lambda answer: pattern.search(f"{answer.reason} {answer.message}") is not None


def _is(*codes: int) -> Callable[[Answer], bool]:
    return lambda answer: answer.code in codes


_INVALID = _says("API_KEY_INVALID", "API_KEY_EXPIRED", "api key not valid", "api key expired")
_LEAKED = _says(r"reported as leaked")
_OFF = _says("SERVICE_DISABLED", "BILLING_DISABLED", "CONSUMER_SUSPENDED", "CONSUMER_INVALID")
_BLOCKED = _says("API_KEY_SERVICE_BLOCKED", "API_KEY_IP_ADDRESS_BLOCKED", "API_KEY_HTTP_REFERRER")
_TOO_LARGE = _says(
    "longer than the limit of", "exceeds the maximum number of tokens", "payload size"
)

# The first that applies decides.
_RULES: tuple[tuple[Callable[[Answer], bool], Verdict], ...] = (
    (_INVALID, Verdict(Action.DISABLE, "key_invalid", Scope.KEY)),
    (_LEAKED, Verdict(Action.DISABLE, "key_leaked", Scope.KEY)),
    (_OFF, Verdict(Action.DISABLE, "service_disabled", Scope.PROJECT)),
    (_BLOCKED, Verdict(Action.DISABLE, "key_restricted", Scope.KEY)),
    (_is(401, 403), Verdict(Action.DISABLE, "permission_denied", Scope.KEY)),
    (
        lambda answer: answer.status == "FAILED_PRECONDITION",
        Verdict(Action.DISABLE, "region_or_billing", Scope.PROJECT),
    ),
    (_is(404), Verdict(Action.FALLBACK_MODEL, "model_gone", Scope.DOMAIN)),
    (_is(413), Verdict(Action.SPLIT, "too_large")),
    (_TOO_LARGE, Verdict(Action.SPLIT, "too_large")),
)
