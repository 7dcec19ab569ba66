from datetime import UTC, datetime

import pytest

from shared.errors import (
    BrokenError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TooLongError,
    TransientError,
)
from shared.quota.outcomes import (
    CLIENT_TIMEOUT,
    GARBAGE,
    PROMPT_BLOCKED,
    UNREACHABLE,
    finished,
)
from shared.quota.verdict import (
    Action,
    Answer,
    ProviderError,
    Scope,
    Verdict,
    classify,
    pacific_day,
    seconds_to_pacific_midnight,
)

NOON = datetime(2026, 7, 15, 19, 0, tzinfo=UTC)
TO_MIDNIGHT = 12 * 3600 + 5

# One row of the table is one row here.
TABLE = {
    "429 per minute": (
        Answer(code=429, quota="GenerateRequestsPerMinutePerProjectPerModel", retry_delay=34.07),
        Verdict(Action.BACK_OFF, "quota_minute", Scope.DOMAIN, 34.07),
    ),
    "429 per day": (
        Answer(code=429, quota="GenerateRequestsPerDayPerProjectPerModel", retry_delay=44),
        Verdict(Action.BACK_OFF, "quota_day", Scope.DOMAIN, TO_MIDNIGHT),
    ),
    "429 no free tier": (
        Answer(code=429, quota="GenerateRequestsPerDay-FreeTier", quota_value="0", retry_delay=5),
        Verdict(Action.FALLBACK_MODEL, "no_free_tier", Scope.DOMAIN),
    ),
    "429 no free tier of several quotas": (
        Answer(
            code=429,
            quota="InputTokensPerMinute-FreeTier RequestsPerDay-FreeTier",
            quota_value="0 0",
            retry_delay=5,
        ),
        Verdict(Action.FALLBACK_MODEL, "no_free_tier", Scope.DOMAIN),
    ),
    "429 no free tier, the zero left out": (
        Answer(
            code=429, quota="RequestsPerDay-FreeTier", message="... limit: 0, model: gemini-4-argon"
        ),
        Verdict(Action.FALLBACK_MODEL, "no_free_tier", Scope.DOMAIN),
    ),
    "429 a free tier that is used up": (
        Answer(
            code=429,
            quota="RequestsPerMinute-FreeTier",
            quota_value="10",
            message="limit: 10, model: gemini-4-argon",
            retry_delay=5,
        ),
        Verdict(Action.BACK_OFF, "quota_minute", Scope.DOMAIN, 5),
    ),
    "429 spend": (
        Answer(code=429, message="You exceeded your spend-based rate limit.", retry_delay=3),
        Verdict(Action.BACK_OFF, "spend", Scope.PROJECT, 120),
    ),
    "429 prepaid credit": (
        Answer(code=429, message="Your prepayment credits are depleted."),
        Verdict(Action.DISABLE, "prepay_depleted", Scope.PROJECT),
    ),
    "429 of Cloud TTS": (
        Answer(code=429, reason="RATE_LIMIT_EXCEEDED", quota="Chirp3RequestsPerMinutePerProject"),
        Verdict(Action.BACK_OFF, "quota_minute", Scope.DOMAIN),
    ),
    "400 key invalid": (
        Answer(code=400, status="INVALID_ARGUMENT", message="API key not valid."),
        Verdict(Action.DISABLE, "key_invalid", Scope.KEY),
    ),
    "400 key expired": (
        Answer(code=400, reason="API_KEY_EXPIRED"),
        Verdict(Action.DISABLE, "key_invalid", Scope.KEY),
    ),
    "403 leaked": (
        Answer(code=403, message="Your API key was reported as leaked."),
        Verdict(Action.DISABLE, "key_leaked", Scope.KEY),
    ),
    "403 permission": (
        Answer(code=403, status="PERMISSION_DENIED"),
        Verdict(Action.DISABLE, "permission_denied", Scope.KEY),
    ),
    "403 referrer": (
        Answer(code=403, reason="API_KEY_HTTP_REFERRER_BLOCKED"),
        Verdict(Action.DISABLE, "key_restricted", Scope.KEY),
    ),
    "403 service disabled": (
        Answer(code=403, reason="SERVICE_DISABLED"),
        Verdict(Action.DISABLE, "service_disabled", Scope.PROJECT),
    ),
    "400 region or billing": (
        Answer(code=400, status="FAILED_PRECONDITION"),
        Verdict(Action.DISABLE, "region_or_billing", Scope.PROJECT),
    ),
    "404 model": (
        Answer(code=404, status="NOT_FOUND"),
        Verdict(Action.FALLBACK_MODEL, "model_gone", Scope.DOMAIN),
    ),
    "400 other": (
        Answer(code=400, status="INVALID_ARGUMENT", message="Unknown name"),
        Verdict(Action.FAIL, "bad_request_400"),
    ),
    "400 too long": (
        Answer(code=400, message="Input is longer than the limit of 5000 bytes."),
        Verdict(Action.SPLIT, "too_large"),
    ),
    "413": (Answer(code=413), Verdict(Action.SPLIT, "too_large")),
    "500": (Answer(code=500), Verdict(Action.RETRY, "internal", Scope.PROVIDER, 2)),
    "503": (Answer(code=503), Verdict(Action.RETRY, "overloaded", Scope.PROVIDER, 10)),
    "504": (Answer(code=504), Verdict(Action.RETRY, "timeout", Scope.PROVIDER, 5)),
    "aborted": (Answer(code=409), Verdict(Action.RETRY, "timeout", Scope.PROVIDER, 2)),
}

FINISHED = {
    "blocked": (("SAFETY", True), (Action.REWRITE, Scope.REQUEST)),
    "no candidates": (("", True), (Action.RETRY, Scope.REQUEST)),
    "other": (("OTHER", True), (Action.RETRY, Scope.REQUEST)),
    "empty stop": (("STOP", True), (Action.RETRY, Scope.REQUEST)),
    "cut off": (("MAX_TOKENS", False), (Action.SPLIT, Scope.REQUEST)),
    "account disabled": (("PUP_LIMITED_DISABLED", True), (Action.DISABLE, Scope.PROJECT)),
    "no finish reason": (("", False), (Action.RETRY, Scope.PROVIDER)),
}


@pytest.mark.parametrize(("answer", "expected"), TABLE.values(), ids=TABLE)
def test_an_error_means_what_the_table_says(answer: Answer, expected: Verdict) -> None:
    assert classify(answer, now=NOON) == expected


@pytest.mark.parametrize(("finish", "expected"), FINISHED.values(), ids=FINISHED)
def test_an_answer_of_no_use_means_what_the_table_says(
    finish: tuple[str, bool], expected: tuple[Action, Scope]
) -> None:
    verdict = finished(finish[0], empty=finish[1])

    assert verdict is not None
    assert (verdict.action, verdict.scope) == expected


def test_an_answer_that_stopped_is_of_use() -> None:
    assert finished("STOP", empty=False) is None


@pytest.mark.parametrize("verdict", [CLIENT_TIMEOUT, UNREACHABLE, GARBAGE])
def test_silence_and_garbage_are_counted_against_the_provider(verdict: Verdict) -> None:
    assert (verdict.action, verdict.scope) == (Action.RETRY, Scope.PROVIDER)


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (UNREACHABLE, TransientError),
        (Verdict(Action.BACK_OFF, "quota_minute", Scope.DOMAIN, 7), RateLimitedError),
        (Verdict(Action.DISABLE, "key_invalid", Scope.KEY), RefusedError),
        (Verdict(Action.FALLBACK_MODEL, "model_gone", Scope.DOMAIN), RefusedError),
        (Verdict(Action.SPLIT, "too_large"), TooLongError),
        (CLIENT_TIMEOUT, TimedOutError),
        (classify(Answer(code=500)), BrokenError),
        (PROMPT_BLOCKED, RefusedError),
        (Verdict(Action.FAIL, "bad_request_400"), RefusedError),
    ],
    ids=lambda value: getattr(value, "reason", ""),
)
def test_the_runtime_hears_an_error_it_knows(
    verdict: Verdict, expected: type[PipelineError]
) -> None:
    assert type(ProviderError(verdict, "no").for_the_runtime()) is expected


def test_the_runtime_hears_how_long_a_new_try_is_of_no_use() -> None:
    error = ProviderError(classify(Answer(code=503)), "no").for_the_runtime()

    assert isinstance(error, TransientError)
    assert error.retry_after == 10


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 1, 15, 8, 0, tzinfo=UTC), 24),
        (datetime(2026, 1, 15, 7, 0, tzinfo=UTC), 1),
        (datetime(2026, 7, 15, 6, 0, tzinfo=UTC), 1),
        # The night the clocks go forward has one hour less.
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23),
    ],
)
def test_the_day_ends_at_midnight_in_california(now: datetime, hours: int) -> None:
    assert seconds_to_pacific_midnight(now) == hours * 3600 + 5


def test_the_day_is_californias() -> None:
    assert pacific_day(datetime(2026, 7, 15, 6, 59, tzinfo=UTC)) == "2026-07-14"
    assert pacific_day(datetime(2026, 7, 15, 7, 0, tzinfo=UTC)) == "2026-07-15"
