from uuid import uuid4

import pytest

from shared.quota import Answer, classify, parse
from shared.quota.circuits import DISABLED_SECONDS, SERVED, UNKNOWN, change
from shared.quota.ledger import Candidate, Granted, Postponed, Refused
from tests.support.ledger import ALPHA, BETA, MODEL, Desk

pytestmark = pytest.mark.connected


async def test_a_limit_closes_its_domain_for_as_long_as_it_said(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))

    assert await desk.take() == Postponed(34, "quota_minute")
    assert isinstance(await desk.take(ALPHA, BETA), Granted)
    desk.clock.now += 34.1
    assert isinstance(await desk.take(), Granted)


async def test_one_probe_tries_what_was_shut(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))
    desk.clock.now += 35

    probe, other = await desk.take(lease="probe"), await desk.take()
    await desk.ledger.settle("probe", ALPHA, model=MODEL, change=SERVED)

    assert isinstance(probe, Granted)
    assert isinstance(other, Postponed)
    assert other.reason == "probing"
    assert isinstance(await desk.take(), Granted)
    assert isinstance(await desk.take(), Granted)


async def test_a_probe_that_died_leaves_its_place(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))
    desk.clock.now += 35
    await desk.take()

    desk.clock.now += 31

    assert isinstance(await desk.take(), Granted)


async def test_a_probe_that_says_nothing_leaves_its_place(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))
    desk.clock.now += 35
    await desk.take(lease="probe")

    await desk.ledger.settle("probe", ALPHA, model=MODEL, change=UNKNOWN)

    assert isinstance(await desk.take(), Granted)


async def test_the_fifth_failure_in_a_row_shuts_the_provider(desk: Desk) -> None:
    failure = Answer(code=500)
    for answer in (failure, failure, failure, failure, None, *[failure] * 4):
        await desk.call(answer)

    assert isinstance(await desk.take(), Granted)
    await desk.call(failure)
    assert await desk.take(BETA) == Postponed(30, "internal")


async def test_a_provider_that_stays_away_is_asked_ever_less(desk: Desk) -> None:
    for _ in range(5):
        await desk.call(Answer(code=500))
    waits = []
    for _ in range(6):
        postponed = await desk.take()
        assert isinstance(postponed, Postponed)
        waits.append(postponed.seconds)
        desk.clock.now += postponed.seconds + 0.1
        await desk.call(Answer(code=500))

    assert waits == [30, 60, 120, 240, 300, 300]


async def test_a_call_from_before_does_not_open_what_was_shut(desk: Desk) -> None:
    await desk.take(lease="early")
    await desk.call(Answer(code=429, retry_delay=34))

    await desk.ledger.settle("early", ALPHA, model=MODEL, change=SERVED)

    assert isinstance(await desk.take(), Postponed)


async def test_calls_under_way_do_not_double_what_was_shut(desk: Desk) -> None:
    leases = [uuid4().hex for _ in range(10)]
    for lease in leases:
        await desk.take(lease=lease)
    for lease in leases:
        spend = classify(Answer(code=429, message="spend-based rate limit"))
        await desk.ledger.settle(lease, ALPHA, model=MODEL, change=change(spend))

    assert await desk.take() == Postponed(120, "spend")


async def test_a_shorter_limit_does_not_open_a_longer_one(desk: Desk) -> None:
    await desk.take(lease="early")
    await desk.call(Answer(code=429, quota="PerDay"))

    minute = change(classify(Answer(code=429, retry_delay=1)))
    await desk.ledger.settle("early", ALPHA, model=MODEL, change=minute)

    postponed = await desk.take()
    assert isinstance(postponed, Postponed)
    assert postponed.reason == "quota_day"


async def test_an_overloaded_model_is_left_to_another(desk: Desk) -> None:
    for _ in range(3):
        await desk.call(Answer(code=503))

    assert await desk.take() == Postponed(30, "overloaded")
    other = await desk.ledger.acquire(
        "x", [Candidate(ALPHA, desk.limits)], model="lite", tokens=0, longest=60
    )
    assert isinstance(other, Granted)


async def test_a_bad_key_leaves_the_others_of_its_project(desk: Desk) -> None:
    one, two = parse("alpha:one,alpha:two")
    await desk.call(Answer(code=403), one)

    assert await desk.take(one) == Refused("permission_denied")
    assert isinstance(await desk.take(one, two), Granted)
    desk.clock.now += DISABLED_SECONDS + 1
    assert isinstance(await desk.take(one), Granted)


async def test_a_project_without_billing_is_left_with_all_its_keys(desk: Desk) -> None:
    one, two = parse("alpha:one,alpha:two")
    await desk.call(Answer(code=403, reason="BILLING_DISABLED"), one)

    assert await desk.take(one, two) == Refused("service_disabled")
    assert isinstance(await desk.take(one, BETA), Granted)


async def test_what_passes_is_waited_for_though_another_key_is_refused(desk: Desk) -> None:
    await desk.call(Answer(code=403), ALPHA)
    await desk.call(Answer(code=429, retry_delay=34), BETA)

    assert await desk.take(ALPHA, BETA) == Postponed(34, "quota_minute")


async def test_another_process_knows_what_this_one_learnt(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))

    restarted = Desk(desk.redis_url, desk.provider)

    assert await restarted.take() == Postponed(34, "quota_minute")
    await restarted.ledger.aclose()
