from collections.abc import Sequence
from typing import Any

import pytest

from shared import quota
from shared.errors import RateLimitedError, RefusedError, TimedOutError, TransientError
from shared.quota import Action, Answer, Lease, ProviderError, Verdict, classify
from shared.quota.circuits import Change
from shared.quota.keys import Key
from shared.quota.ledger import Candidate, Granted, Postponed, Refused
from shared.quota.outcomes import CLIENT_TIMEOUT, PROMPT_BLOCKED, finished
from tests.support.quota import FakeLedger, pool_of

MODELS = ["flash", "lite"]
OVERLOADED = classify(Answer(code=503))
BLOCKED = PROMPT_BLOCKED


class Told:
    """Answers with verdicts as told, and then serves; keeps whom it was asked by."""

    def __init__(self, *verdicts: Verdict | None) -> None:
        self.verdicts = list(verdicts)
        self.asked: list[tuple[str, str]] = []
        self.leases: list[Lease] = []

    async def __call__(self, lease: Lease) -> str:
        self.asked.append((lease.model, lease.project))
        self.leases.append(lease)
        verdict = self.verdicts.pop(0) if self.verdicts else None
        if verdict is not None:
            raise ProviderError(verdict, verdict.reason)
        return "served"


class Shutting(FakeLedger):
    """Shuts the circuit of a model at its first failure."""

    async def settle(self, lease: str, key: Key, *, model: str, change: Change) -> list[float]:
        await super().settle(lease, key, model=model, change=change)
        return [30.0 if step.what == "count" else 0.0 for step in change.steps]


class Once(FakeLedger):
    """Grants one request, and has no more for long."""

    async def acquire(
        self, lease: str, candidates: Sequence[Candidate], **asked: Any
    ) -> Granted | Postponed | Refused:
        if self.acquired:
            return Postponed(600, "quota_day")
        return await super().acquire(lease, candidates, **asked)


def rewords(said: Sequence[Verdict]) -> bool:
    return len(said) == 1 and said[0].action is Action.REWRITE


async def test_what_came_too_late_is_asked_of_the_same_key_once_more_with_more_time() -> None:
    call = Told(CLIENT_TIMEOUT)

    answer = await quota.serve(pool_of(FakeLedger()), call, models=MODELS)

    assert answer == "served"
    assert call.asked == [("flash", "alpha")] * 2
    assert [lease.patience for lease in call.leases] == [1.0, 2.0]


async def test_what_is_late_twice_is_the_runtimes() -> None:
    call = Told(CLIENT_TIMEOUT, CLIENT_TIMEOUT)

    with pytest.raises(TimedOutError):
        await quota.serve(pool_of(FakeLedger()), call, models=MODELS)

    assert len(call.asked) == 2


async def test_every_call_has_a_lease_of_its_own() -> None:
    ledger = FakeLedger()

    await quota.serve(pool_of(ledger), Told(BLOCKED), models=MODELS, again=rewords)

    assert [key.project for key in ledger.acquired] == ["alpha", "alpha"]
    assert len(ledger.settled) == 2


async def test_the_same_key_knows_what_it_said() -> None:
    call = Told(BLOCKED)

    await quota.serve(pool_of(FakeLedger()), call, models=MODELS, again=rewords)

    assert [lease.said for lease in call.leases] == [(), (BLOCKED,)]


async def test_what_one_key_refused_is_not_tried_with_others_by_waiting_for_it() -> None:
    call = Told(BLOCKED)

    with pytest.raises(RateLimitedError):
        await quota.serve(pool_of(Once()), call, models=MODELS, again=rewords)

    assert call.asked == [("flash", "alpha")]


async def test_a_limit_met_the_second_time_is_another_keys_first_question() -> None:
    limited = classify(Answer(code=429, quota="RequestsPerMinute", retry_delay=600))
    call = Told(BLOCKED, limited)

    await quota.serve(pool_of(FakeLedger()), call, models=MODELS, again=rewords)

    assert [project for _, project in call.asked] == ["alpha", "alpha", "beta"]
    assert call.leases[-1].said == ()


async def test_another_model_is_asked_for_a_language_that_one_lacks() -> None:
    lacking = finished("LANGUAGE", empty=True)
    call = Told(lacking)

    await quota.serve(pool_of(FakeLedger()), call, models=MODELS)

    assert [model for model, _ in call.asked] == MODELS


async def test_a_language_that_no_model_has_is_refused() -> None:
    lacking = finished("LANGUAGE", empty=True)

    with pytest.raises(RefusedError, match="unsupported_language"):
        await quota.serve(pool_of(FakeLedger()), Told(lacking, lacking), models=MODELS)


async def test_the_failure_that_shuts_a_model_is_answered_by_the_next() -> None:
    call = Told(OVERLOADED)

    await quota.serve(pool_of(Shutting()), call, models=MODELS)

    assert [model for model, _ in call.asked] == MODELS


async def test_before_that_it_is_left_alone_for_a_while() -> None:
    call = Told(OVERLOADED)

    with pytest.raises(TransientError):
        await quota.serve(pool_of(FakeLedger()), call, models=MODELS)

    assert call.asked == [("flash", "alpha")]


async def test_no_other_model_is_asked_where_the_work_is_for_one_only() -> None:
    quota.one_model.set(True)
    call = Told(finished("LANGUAGE", empty=True))

    with pytest.raises(RefusedError):
        await quota.serve(pool_of(FakeLedger()), call, models=MODELS)

    assert [model for model, _ in call.asked] == MODELS[:1]
