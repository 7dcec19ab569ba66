import time
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import pytest

from shared.errors import UnavailableError
from shared.quota import Answer, Limits, parse
from shared.quota.circuits import SERVED, UNKNOWN, change
from shared.quota.keys import Key
from shared.quota.ledger import Candidate, Granted, Ledger, Postponed
from shared.quota.outcomes import UNREACHABLE
from shared.quota.verdict import seconds_to_pacific_midnight
from tests.support.ledger import ALPHA, BETA, MODEL, Desk

pytestmark = pytest.mark.connected


async def times(desk: Desk, count: int, *keys: Key, tokens: int = 0) -> list[float]:
    """Return when each of `count` requests may be sent, all asked for now or as soon as allowed."""
    found: list[float] = []
    while len(found) < count:
        answer = await desk.take(*keys, tokens=tokens)
        if isinstance(answer, Granted):
            found.append(desk.clock.now + answer.wait)
        else:
            assert isinstance(answer, Postponed)
            desk.clock.now += answer.seconds - 59
    return found


def most_in_a_window(moments: list[float], seconds: float) -> int:
    moments = sorted(moments)
    return max(
        sum(1 for each in moments[i:] if each < start + seconds) for i, start in enumerate(moments)
    )


async def test_requests_are_spread_over_the_minute(desk: Desk) -> None:
    desk.limits = Limits(rpm=60)

    moments = await times(desk, 180)

    assert most_in_a_window(moments, 60) <= 60
    assert 179 / (moments[-1] - moments[0]) >= 0.95
    assert max(later - earlier for earlier, later in pairwise(moments)) < 1.1


async def test_after_a_pause_no_window_holds_more(desk: Desk) -> None:
    desk.limits = Limits(rpm=60)
    moments = await times(desk, 60)

    for pause in (70, 1.5, 1.2, 300):
        desk.clock.now = moments[-1] + pause
        moments += await times(desk, 40)

    assert most_in_a_window(moments, 60) <= 60


async def test_the_domain_that_can_serve_soonest_is_taken(desk: Desk) -> None:
    desk.limits = Limits(rpm=60)

    taken = [await desk.take(ALPHA, BETA) for _ in range(6)]

    projects = [each.candidate.key.project for each in taken if isinstance(each, Granted)]
    assert projects.count("alpha") == projects.count("beta") == 3


async def test_keys_of_one_project_share_its_quota(desk: Desk) -> None:
    desk.limits = Limits(rpm=60)
    one, two = parse("alpha:one,alpha:two")

    moments = [*await times(desk, 60, one), *await times(desk, 60, two)]

    assert most_in_a_window(moments, 60) <= 60


async def test_tokens_are_counted_over_the_minute(desk: Desk) -> None:
    desk.limits = Limits(tpm=10_000)

    moments = await times(desk, 10, tokens=3_000)

    assert most_in_a_window(moments, 60) == 3
    assert len(moments) == 10


async def test_a_request_larger_than_the_minute_has_one_to_itself(desk: Desk) -> None:
    desk.limits = Limits(tpm=10_000)

    moments = await times(desk, 3, tokens=50_000)

    assert all(later - earlier >= 60 for earlier, later in pairwise(moments))


async def test_the_day_begins_anew_at_midnight_in_california(desk: Desk) -> None:
    desk.limits = Limits(rpd=3)
    left = seconds_to_pacific_midnight(datetime.fromtimestamp(desk.clock.now, UTC))

    taken = [await desk.take() for _ in range(4)]
    desk.clock.now += left

    assert [type(each) for each in taken] == [Granted, Granted, Granted, Postponed]
    assert taken[3] == Postponed(pytest.approx(left, abs=0.1), "quota_day")  # type: ignore[arg-type]  # about so many
    assert isinstance(await desk.take(), Granted)


async def test_no_more_are_in_flight_than_allowed(desk: Desk) -> None:
    desk.limits = Limits(concurrency=2)
    await desk.take(lease="first")
    await desk.take()

    assert isinstance(await desk.take(), Postponed)
    await desk.ledger.settle("first", ALPHA, model=MODEL, change=UNKNOWN)
    assert isinstance(await desk.take(), Granted)


async def test_the_place_of_a_holder_that_died_is_free_again(desk: Desk) -> None:
    desk.limits = Limits(concurrency=1)
    await desk.take()

    desk.clock.now += 29
    assert isinstance(await desk.take(), Postponed)
    desk.clock.now += 2
    assert isinstance(await desk.take(), Granted)


async def test_a_renewed_lease_is_kept(desk: Desk) -> None:
    desk.limits = Limits(concurrency=1)
    await desk.take(lease="mine")

    desk.clock.now += 20
    await desk.ledger.renew([("mine", MODEL, ALPHA)])
    desk.clock.now += 20

    assert isinstance(await desk.take(), Postponed)


async def test_an_emptied_redis_only_forgets(desk: Desk) -> None:
    await desk.call(Answer(code=429, retry_delay=34))
    await desk.take(BETA, lease="held")
    await desk.ledger._redis.flushdb()

    await desk.ledger.renew([("held", MODEL, BETA)])
    await desk.ledger.settle("held", BETA, model=MODEL, change=SERVED)

    assert isinstance(await desk.take(), Granted)


async def test_a_key_is_not_written_to_redis(desk: Desk) -> None:
    secret, provider = f"AIza{uuid4().hex}", desk.provider
    (key,) = parse(secret)
    await desk.call(Answer(code=403), key)

    names = [name async for name in desk.ledger._redis.scan_iter()]
    values = [await desk.ledger._redis.type(name) for name in names]

    assert any(provider.encode() in name for name in names)
    assert secret not in f"{names} {values}"


async def test_without_redis_nothing_is_granted() -> None:
    away = Desk("redis://127.0.0.1:1/0")

    with pytest.raises(UnavailableError):
        await away.take()
    with pytest.raises(UnavailableError):
        await away.ledger.settle("x", ALPHA, model=MODEL, change=change(UNREACHABLE))


async def test_servers_keep_the_time(redis_url: str) -> None:
    ledger = Ledger(uuid4().hex, redis_url=redis_url, lease_seconds=30)
    limits = Limits(rpm=10, concurrency=4)
    keys = [Candidate(ALPHA, limits)]

    began = time.monotonic()
    first = await ledger.acquire("a", keys, model=MODEL, tokens=0, longest=60)
    second = await ledger.acquire("b", keys, model=MODEL, tokens=0, longest=60)
    await ledger.renew([("a", MODEL, ALPHA)])
    await ledger.aclose()

    assert isinstance(first, Granted)
    assert isinstance(second, Granted)
    assert second.wait == pytest.approx(6.21 - 0.6, abs=time.monotonic() - began + 0.05)


async def test_a_process_that_waits_is_next_however_many_places_another_one_holds(
    desk: Desk,
) -> None:
    desk.limits = Limits(rpm=0, tpm=0, rpd=0, concurrency=2)
    other = Desk(desk.redis_url, desk.provider)
    other.limits, other.ledger._clock = desk.limits, desk.clock
    for lease in ("one", "two"):
        await desk.take(lease=lease)
    waiting = await other.take()

    await desk.ledger.settle("one", ALPHA, model=MODEL, change=UNKNOWN)
    again = await desk.take()
    desk.clock.now += 0.1
    served = await other.take()
    await other.ledger.aclose()

    assert waiting == again == Postponed(0.1, "busy")
    assert isinstance(served, Granted)


async def test_a_process_that_waits_no_more_keeps_nobody_from_a_place(desk: Desk) -> None:
    desk.limits = Limits(rpm=0, tpm=0, rpd=0, concurrency=1)
    other = Desk(desk.redis_url, desk.provider)
    other.limits, other.ledger._clock = desk.limits, desk.clock
    await desk.take(lease="one")
    await other.take()
    await other.ledger.aclose()
    await desk.ledger.settle("one", ALPHA, model=MODEL, change=UNKNOWN)

    desk.clock.now += 2

    assert isinstance(await desk.take(), Granted)
