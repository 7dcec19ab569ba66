"""What each thing that a provider may answer leads to, one row for each."""

from dataclasses import dataclass
from typing import Any

from bench.emulators import Kind
from shared.errors import (
    BrokenError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TooLongError,
    TransientError,
)
from shared.quota.circuits import DISABLED_SECONDS, FOREVER_SECONDS

# When the day ends in California depends on when the test runs.
MIDNIGHT = -1.0
DELAY = 20.0

Refused, Limited, Transient = RefusedError, RateLimitedError, TransientError


@dataclass(frozen=True, slots=True)
class Row:
    """What one fault leads to.

    Attributes:
        kind: What the provider does.
        error: What the job is told where nobody else can be asked.
        shuts: Which circuit, and for how many seconds.
        counts: Circuits that are shut if this happens often.
        wait: Seconds until it makes sense to try again.
        strikes: Who is told the same.
        then: Who is asked next: of the keys one and two of a project, and three of another.
        falls_back: Whether another model is asked where no key, or not this one, serves.
        calls: How often the one key is asked.
    """

    kind: Kind
    error: type[PipelineError]
    shuts: tuple[str, float] = ("", 0.0)
    counts: tuple[str, ...] = ()
    wait: float | None = None
    strikes: str = ""
    then: str = ""
    falls_back: bool = False
    calls: int = 1


def domain(kind: Kind, seconds: float, **more: Any) -> Row:
    return Row(kind, shuts=("domain", seconds), strikes="project", then="three", **more)


def project(kind: Kind, seconds: float, **more: Any) -> Row:
    return Row(kind, shuts=("project", seconds), strikes="project", then="three", **more)


def key(kind: Kind, seconds: float = DISABLED_SECONDS) -> Row:
    return Row(kind, RefusedError, shuts=("key", seconds), strikes="key", then="two")


def again(
    kind: Kind, wait: float, *counts: str, error: type[PipelineError] = TransientError
) -> Row:
    return Row(kind, error, counts=counts or ("provider",), wait=wait)


def late(kind: Kind, wait: float) -> Row:
    # Once more with the same key and more time; another key would be as slow.
    return Row(kind, TimedOutError, counts=("provider",), wait=wait, then="one", calls=2)


QUOTAS = (
    domain(Kind.QUOTA_MINUTE, DELAY, error=Limited, wait=DELAY),
    domain(Kind.QUOTA_TOKENS, DELAY, error=Limited, wait=DELAY),
    domain(Kind.QUOTA_DAY, MIDNIGHT, error=Limited, wait=MIDNIGHT, falls_back=True),
    project(Kind.SPEND, 120, error=Limited, wait=120),
    project(Kind.PREPAID, DISABLED_SECONDS, error=Refused),
)
KEYS_AND_ACCOUNTS = (
    key(Kind.KEY_INVALID),
    key(Kind.KEY_EXPIRED),
    key(Kind.KEY_LEAKED, FOREVER_SECONDS),
    key(Kind.KEY_RESTRICTED),
    key(Kind.PERMISSION_DENIED),
    project(Kind.SERVICE_DISABLED, DISABLED_SECONDS, error=Refused),
    project(Kind.BILLING_DISABLED, DISABLED_SECONDS, error=Refused),
    project(Kind.REGION, DISABLED_SECONDS, error=Refused),
)
REQUESTS = (Row(Kind.BAD_REQUEST, Refused), Row(Kind.TOO_LONG, TooLongError))
OUTAGES = (
    again(Kind.INTERNAL, 2, error=BrokenError),
    again(Kind.UNAVAILABLE, 10, "provider", "model"),
    late(Kind.DEADLINE, 5),
)
GEMINI = (
    *QUOTAS,
    # It names no delay.
    domain(Kind.CONCURRENCY, 30, error=Limited, wait=30),
    domain(Kind.QUOTA_FREE_TIER, DISABLED_SECONDS, error=Refused, falls_back=True),
    *KEYS_AND_ACCOUNTS,
    *REQUESTS,
    domain(Kind.MODEL_GONE, DISABLED_SECONDS, error=Refused, falls_back=True),
    *OUTAGES,
    late(Kind.HANG, 2),
    again(Kind.RESET, 2),
    again(Kind.GARBAGE, 2),
    again(Kind.UNFINISHED, 2),
    Row(Kind.NO_CANDIDATES, Transient, wait=1),
    Row(Kind.EMPTY, Transient, wait=1),
    Row(Kind.OTHER, Transient, wait=1),
    # Once more, in milder words, and never of another key.
    Row(Kind.BLOCKED_PROMPT, Refused, then="one", calls=2),
    Row(Kind.SAFETY, Refused, then="one", calls=2),
    # Twice in other words, each time with another seed.
    Row(Kind.RECITATION, Refused, then="one", calls=3),
    Row(Kind.LANGUAGE, Refused, falls_back=True),
    project(Kind.ACCOUNT_DISABLED, DISABLED_SECONDS, error=Refused),
    # Once more, with all the room there is.
    Row(Kind.MAX_TOKENS, TooLongError, then="two", calls=2),
    Row(Kind.THOUGHTS_ONLY, TooLongError, then="two", calls=2),
)
GOOGLE = (
    *QUOTAS,
    domain(Kind.CONCURRENCY, DELAY, error=Limited, wait=DELAY),
    *KEYS_AND_ACCOUNTS,
    *REQUESTS,
    *OUTAGES,
    # gRPC's own words for it are the provider's.
    late(Kind.HANG, 5),
    again(Kind.RESET, 2),
)
# Minutes of audio are judged after they are unpacked; what is told here is told before.
GEMINI_SPEAKS = (
    *QUOTAS,
    domain(Kind.QUOTA_FREE_TIER, DISABLED_SECONDS, error=Refused),
    *KEYS_AND_ACCOUNTS,
    *REQUESTS,
    domain(Kind.MODEL_GONE, DISABLED_SECONDS, error=Refused),
    *OUTAGES,
    late(Kind.HANG, 2),
    again(Kind.RESET, 2),
    again(Kind.GARBAGE, 2),
    Row(Kind.BLOCKED_PROMPT, Refused),
    Row(Kind.SAFETY, Refused),
    Row(Kind.RECITATION, Refused),
    Row(Kind.LANGUAGE, Refused),
    project(Kind.ACCOUNT_DISABLED, DISABLED_SECONDS, error=Refused),
)
# It has one key and no other model: what is left is what the job is told.
OPENAI = {
    Kind.QUOTA_MINUTE: Limited,
    Kind.QUOTA_TOKENS: Limited,
    Kind.QUOTA_DAY: Limited,
    Kind.CONCURRENCY: Limited,
    Kind.SPEND: Refused,
    Kind.PREPAID: Refused,
    Kind.BILLING_DISABLED: Refused,
    Kind.KEY_INVALID: Refused,
    Kind.KEY_EXPIRED: Refused,
    Kind.KEY_LEAKED: Refused,
    Kind.KEY_RESTRICTED: Refused,
    Kind.PERMISSION_DENIED: Refused,
    Kind.SERVICE_DISABLED: Refused,
    Kind.REGION: Refused,
    Kind.BAD_REQUEST: Refused,
    Kind.TOO_LONG: TooLongError,
    Kind.MODEL_GONE: Refused,
    Kind.INTERNAL: Transient,
    Kind.UNAVAILABLE: Transient,
    Kind.DEADLINE: TimedOutError,
    Kind.RESET: Transient,
    Kind.HANG: TimedOutError,
}
OPENAI_WRITES = OPENAI | {
    Kind.GARBAGE: Transient,
    Kind.EMPTY: Transient,
    Kind.UNFINISHED: Transient,
    Kind.NO_CANDIDATES: Transient,
    Kind.SAFETY: Refused,
    Kind.OTHER: Transient,
    Kind.LANGUAGE: Refused,
    Kind.MAX_TOKENS: TooLongError,
}
