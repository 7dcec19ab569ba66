import asyncio
import time

import pytest

from shared.runtime import health as probes
from shared.runtime.health import Health
from tests.support.waiting import until


async def yes() -> bool:
    return True


async def no() -> bool:
    raise OSError("refused")


def test_a_loop_that_stands_still_is_not_live(monkeypatch: pytest.MonkeyPatch) -> None:
    health = Health()
    assert health.is_live()

    monkeypatch.setattr("shared.runtime.health.time.monotonic", lambda: health._beat + 60.0)

    assert not health.is_live()


async def test_a_loop_that_is_blocked_is_not_live_until_it_turns_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(probes, "STALLED_SECONDS", 0.2)
    monkeypatch.setattr(probes, "BEAT_SECONDS", 0.01)
    health = Health()
    beating = asyncio.create_task(health.heartbeat())

    async def turns() -> bool:
        return health.is_live()

    await until(turns)
    time.sleep(0.3)  # noqa: ASYNC251 - this is the fault
    blocked = health.is_live()
    await until(turns)
    beating.cancel()

    assert not blocked


def test_what_consumes_and_died_is_not_live() -> None:
    health = Health()

    health.alive.append(lambda: False)

    assert not health.is_live()


async def test_what_cannot_be_reached_makes_it_not_ready_and_leaves_it_live() -> None:
    health = Health()
    health.started = True
    health.ready += [yes, no]

    assert not await health.is_ready()
    assert health.is_live()


async def test_it_is_ready_as_soon_as_it_has_started_whoever_asked_before() -> None:
    health = Health()
    health.ready.append(yes)
    before = await health.is_ready()

    health.started = True

    assert not before
    assert await health.is_ready()


async def test_what_was_not_ready_is_asked_again_sooner_than_what_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    health, answers = Health(), [True, False, True]
    health.started = True

    async def check() -> bool:
        return answers.pop()

    health.ready.append(check)
    now = [time.monotonic()]
    monkeypatch.setattr("shared.runtime.health.time.monotonic", lambda: now[0])
    told = []
    for later in (0.0, 4.0, 2.0, 0.3, 0.3):
        now[0] += later
        told.append(await health.is_ready())

    assert told == [True, True, False, False, True]


async def test_a_stage_that_stopped_is_not_ready_and_says_why() -> None:
    health = Health()
    health.started = True
    health.ready.append(yes)
    assert await health.is_ready()

    health.troubles.append(lambda: "20 of the last 25 records failed")

    assert health.trouble() == "20 of the last 25 records failed"
    assert not await health.is_ready()
    assert health.is_live()
