import asyncio
import logging
import time
from collections.abc import Sequence
from typing import Any

import pytest

from shared import quota
from shared.errors import RateLimitedError, RefusedError, TransientError, UnavailableError
from shared.quota import Answer, NoKeyError, ProviderError, classify
from shared.quota.circuits import SERVED, UNKNOWN
from shared.quota.ledger import Candidate, Granted, Postponed, Refused
from shared.quota.outcomes import UNREACHABLE
from tests.support.quota import FakeLedger, pool_of

SECRET = "AIza-very-secret"
KEYS = f"alpha:{SECRET}"


class Scripted(FakeLedger):
    """Answers as it was told to, and then grants."""

    def __init__(self, *answers: Postponed | Refused | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.wait = 0.0

    async def acquire(
        self, lease: str, candidates: Sequence[Candidate], **asked: Any
    ) -> Granted | Postponed | Refused:
        if not self.answers:
            return Granted(self.wait, candidates[0])
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


async def test_a_lease_is_given_back_as_served() -> None:
    ledger = FakeLedger()

    async with pool_of(ledger, KEYS).lease("flash") as lease:
        assert (lease.project, lease.key.secret.get_secret_value()) == ("alpha", SECRET)

    assert ledger.settled == [SERVED]


async def test_a_body_that_fails_for_its_own_reasons_says_nothing_of_the_provider() -> None:
    ledger = FakeLedger()

    with pytest.raises(ValueError, match="ours"):
        async with pool_of(ledger, KEYS).lease("flash"):
            raise ValueError("ours")

    assert ledger.settled == [UNKNOWN]


async def test_a_cancelled_call_gives_its_lease_back() -> None:
    ledger = FakeLedger()
    pool = pool_of(ledger, KEYS)

    async def call() -> None:
        async with pool.lease("flash"):
            await asyncio.sleep(60)

    calling = asyncio.create_task(call())
    await asyncio.sleep(0.01)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)

    assert ledger.settled == [UNKNOWN]


async def test_who_gives_up_while_waiting_leaves_no_lease_behind() -> None:
    ledger = Scripted()
    ledger.wait = 0.05
    pool = pool_of(ledger, KEYS)

    async def call() -> None:
        async with pool.lease("flash"):
            raise AssertionError

    calling = asyncio.create_task(call())
    await asyncio.sleep(0.01)
    calling.cancel()
    await asyncio.gather(calling, return_exceptions=True)
    await asyncio.sleep(0.1)

    assert ledger.settled == [UNKNOWN]


async def test_a_short_wait_is_waited_for() -> None:
    ledger = Scripted(Postponed(0.01, "quota_minute"), Postponed(0.01, "busy"))

    async with pool_of(ledger, KEYS).lease("flash"):
        assert not ledger.answers


async def test_a_long_wait_is_left_to_the_runtime() -> None:
    pool = pool_of(Scripted(Postponed(600, "spend")), KEYS)

    with pytest.raises(RateLimitedError) as caught:
        async with pool.lease("flash"):
            raise AssertionError

    assert caught.value.retry_after == 600


async def test_so_is_a_long_queue() -> None:
    ledger = Scripted()
    ledger.wait = 60
    pool = pool_of(ledger, KEYS, quota_longest_wait_seconds=0.05)

    async def call() -> None:
        async with pool.lease("flash"):
            raise AssertionError

    failures = await asyncio.gather(*(call() for _ in range(3)), return_exceptions=True)

    assert all(isinstance(failure, RateLimitedError) for failure in failures)
    await pool.aclose()


async def test_without_redis_nobody_is_asked() -> None:
    pool = pool_of(Scripted(UnavailableError("away")), KEYS)

    with pytest.raises(UnavailableError):
        async with pool.lease("flash"):
            raise AssertionError

    async with pool.lease("flash") as lease:
        assert lease.project == "alpha"


async def test_users_are_served_in_turn() -> None:
    ledger = Scripted()
    ledger.wait = 0.001
    pool = pool_of(ledger, KEYS)
    served: list[str] = []

    async def call(user: str) -> None:
        async with pool.lease("flash", user=user):
            served.append(user)

    await asyncio.gather(*(call("large") for _ in range(200)), *(call("small") for _ in range(3)))

    assert served[:7].count("small") == 3


async def test_the_user_is_whoever_the_handler_works_for() -> None:
    ledger = Scripted()
    ledger.wait = 0.001
    pool = pool_of(ledger, KEYS)
    served: list[str] = []

    async def call(user: str) -> None:
        quota.caller.set(user)
        async with pool.lease("flash"):
            served.append(user)

    calls = [*(call("large") for _ in range(20)), call("small")]
    await asyncio.gather(*(asyncio.create_task(each) for each in calls))

    assert "small" in served[:3]


async def test_no_key_is_logged_or_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    verdict = classify(Answer(code=403))
    ledger = FakeLedger()
    pool = pool_of(ledger, f"{SECRET},beta:{SECRET}-2")

    async def call(_: quota.Lease) -> None:
        raise ProviderError(verdict, "no")

    with pytest.raises(RefusedError) as caught:
        await quota.serve(pool, call, models=["flash"])

    assert len(ledger.settled) == 2
    assert SECRET not in f"{caplog.text} {caught.value!r} {ledger.settled}"


async def test_a_failure_of_the_provider_is_asked_of_no_other_key() -> None:
    ledger = FakeLedger()

    async def call(_: quota.Lease) -> None:
        raise ProviderError(UNREACHABLE, "away")

    with pytest.raises(TransientError, match="away"):
        await quota.serve(pool_of(ledger, "a:1,b:2"), call, models=["flash", "lite"])

    assert len(ledger.acquired) == 1


async def test_the_next_model_is_asked_where_no_key_serves_the_first() -> None:
    asked: list[str] = []

    async def call(lease: quota.Lease) -> str:
        asked.append(f"{lease.project} {lease.model}")
        if lease.model == "gone":
            raise ProviderError(classify(Answer(code=404)), "gone")
        return lease.model

    answer = await quota.serve(pool_of(FakeLedger(), "a:1,b:2"), call, models=["gone", "lite"])

    assert (answer, asked[:2]) == ("lite", ["a gone", "b gone"])


async def test_a_chain_of_bad_keys_ends() -> None:
    asked = 0

    async def call(_: quota.Lease) -> None:
        nonlocal asked
        asked += 1
        raise ProviderError(classify(Answer(code=403)), "no")

    keys = ",".join(f"p{number}:k{number}" for number in range(20))
    with pytest.raises(RefusedError):
        await quota.serve(pool_of(FakeLedger(), keys), call, models=["flash"])

    assert asked == 6


async def test_nobody_to_ask_says_why() -> None:
    pool = pool_of(Scripted(Refused("key_invalid")), KEYS)

    with pytest.raises(NoKeyError, match="key_invalid"):
        async with pool.lease("flash"):
            raise AssertionError


async def test_a_moment_that_was_missed_is_asked_for_again() -> None:
    ledger = Scripted()
    ledger.wait = 0.01
    limits = {"*": quota.Limits(rpm=10, window_seconds=1)}
    pool = pool_of(ledger, "one", quota_limits=limits)

    async def call() -> None:
        async with pool.lease("flash"):
            pass

    calling = asyncio.create_task(call())
    await asyncio.sleep(0.002)
    # Something else has the process to itself.
    time.sleep(0.1)  # noqa: ASYNC251 - that is the point
    await calling

    assert ledger.settled == [UNKNOWN, SERVED]
