import pytest

from shared.quota.circuits import (
    DISABLED_SECONDS,
    FOREVER_SECONDS,
    NAMES,
    SERVED,
    change,
)
from shared.quota.outcomes import PROMPT_BLOCKED, UNREACHABLE
from shared.quota.verdict import Answer, Verdict, classify


def told(verdict: Verdict) -> dict[str, str]:
    return dict(zip(NAMES, (step.what for step in change(verdict).steps), strict=True))


def test_a_bad_request_counts_as_served() -> None:
    assert change(PROMPT_BLOCKED) == SERVED
    assert change(classify(Answer(code=400))) == SERVED


@pytest.mark.parametrize(
    ("answer", "tripped"),
    [
        (Answer(code=429, quota="PerMinute", retry_delay=3), "domain"),
        (Answer(code=429, message="spend-based rate limit"), "project"),
        (Answer(code=403, reason="BILLING_DISABLED"), "project"),
        (Answer(code=403), "key"),
        (Answer(code=404), "domain"),
    ],
)
def test_only_the_circuit_concerned_is_shut(answer: Answer, tripped: str) -> None:
    expected = dict.fromkeys(NAMES, "free") | {"provider": "ok", tripped: "trip"}

    assert told(classify(answer)) == expected


def test_failures_of_the_provider_are_counted() -> None:
    assert told(UNREACHABLE) == dict.fromkeys(NAMES, "free") | {"provider": "count"}


def test_an_overloaded_model_is_counted_too() -> None:
    counted = {"provider": "count", "model": "count"}

    assert told(classify(Answer(code=503))) == dict.fromkeys(NAMES, "free") | counted


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        (Answer(code=403), DISABLED_SECONDS),
        (Answer(code=403, message="reported as leaked"), FOREVER_SECONDS),
    ],
)
def test_a_key_that_leaked_is_never_tried_again(answer: Answer, seconds: float) -> None:
    assert change(classify(answer)).steps[-1].seconds == seconds


@pytest.mark.parametrize(("code", "refuses"), [(403, True), (404, True), (429, False)])
def test_a_job_waits_only_for_what_passes(code: int, refuses: bool) -> None:
    assert change(classify(Answer(code=code))).refuses is refuses
