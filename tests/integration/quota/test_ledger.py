import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

import pytest

from shared.errors import UnavailableError
from shared.quota import Answer, Limits, classify, parse
from shared.quota.circuits import DISABLED_SECONDS, SERVED, UNKNOWN, change
from shared.quota.keys import Key
from shared.quota.ledger import Candidate, Granted, Ledger, Postponed, Refused
from shared.quota.outcomes import UNREACHABLE
from shared.quota.verdict import seconds_to_pacific_midnight

pytestmark = pytest.mark.connected

MODEL = "flash"
ALPHA, BETA = parse("alpha:one,beta:two")


class Clock:
    def __init__(self) -> None:
        self.now = 1_784_000_000.0

    def __call__(self) -> float:
        return self.now


class Desk:
    """A ledger whose time stands still until it is told."""

    def __init__(self, redis_url: str, provider: str | None = None) -> None:
        self.clock = Clock()
        self.redis_url = redis_url
        self.provider = provider or uuid4().hex
        self.ledger = Ledger(self.provider, redis_url=redis_url, lease_seconds=30, clock=self.clock)
        self.limits = Limits()

    async def take(
        self, *keys: Key, tokens: int = 0, lease: str | None = None
    ) -> Granted | Postponed | Refused:
        candidates = [Candidate(key, self.limits) for key in keys or (ALPHA,)]
        name = lease or uuid4().hex
        return await self.ledger.acquire(name, candidates, model=MODEL, tokens=tokens, longest=60)

    async def call(self, answer: Answer | None, key: Key = ALPHA) -> None:
        """Take a lease and give it back with what was answered."""
        lease = uuid4().hex
        assert isinstance(await self.take(key, lease=lease), Granted)
        told = SERVED if answer is None else change(classify(answer))
        await self.ledger.settle(lease, key, model=MODEL, change=told)


@pytest.fixture
async def desk(redis_url: str) -> AsyncIterator[Desk]:
    desk = Desk(redis_url)
    yield desk
    await desk.ledger.aclose()


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
    assert taken[3] == Postponed(pytest.approx(left, abs=0.1), "quota_day")  # type: ignore[arg-type]
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
