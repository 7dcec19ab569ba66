import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.errors import UnavailableError
from shared.runtime.presence import Presence
from shared.runtime.processes import Fleet, Process

pytestmark = pytest.mark.connected


@pytest.fixture
async def fleet(redis_url: str) -> AsyncIterator[Fleet]:
    async with Redis.from_url(redis_url) as redis:
        yield Fleet(redis)


@asynccontextmanager
async def running(redis_url: str, service: str, went: list[str]) -> AsyncIterator[Presence]:
    presence = Presence(redis_url, service, lambda: went.append(presence.process_id))
    async with presence:
        presence.becomes("ready")
        await presence.beat()
        yield presence


async def test_a_process_is_known_while_it_runs(redis_url: str, fleet: Fleet) -> None:
    service = f"s-{uuid4().hex}"

    async with running(redis_url, service, []) as presence:
        [known] = await fleet.of(service)

    assert (known.process_id, known.state, known.ordered_at) == (
        presence.process_id,
        "ready",
        None,
    )
    assert await fleet.of(service) == []


async def test_all_of_a_service_restart_one_after_another(redis_url: str, fleet: Fleet) -> None:
    service, went = f"s-{uuid4().hex}", list[str]()

    async with (
        running(redis_url, service, went) as one,
        running(redis_url, service, went) as two,
    ):
        told = await fleet.restart(service)
        for each in (two, one, two, one):
            await each.beat()
        first = list(went)
        leaver, stayer = (one, two) if went == [one.process_id] else (two, one)
        # It has ended, and nobody has taken its place yet.
        await fleet.leave(leaver._process)
        await stayer.beat()
        alone = list(went)
        async with running(redis_url, service, went) as back:
            await stayer.beat()
            await back.beat()

    assert {each.process_id for each in told} == {one.process_id, two.process_id}
    assert len(first) == 1
    assert alone == first
    assert went == [leaver.process_id, stayer.process_id]


async def test_one_process_restarts_and_the_others_stay(redis_url: str, fleet: Fleet) -> None:
    service, went = f"s-{uuid4().hex}", list[str]()

    async with (
        running(redis_url, service, went) as one,
        running(redis_url, service, went) as two,
    ):
        told = await fleet.restart(service, two.process_id)
        none = await fleet.restart(service, "somebody-else")
        await one.beat()
        await two.beat()

    assert [each.process_id for each in told] == [two.process_id]
    assert (none, went) == ([], [two.process_id])


async def test_who_was_killed_is_forgotten(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    service = f"s-{uuid4().hex}"
    await fleet.write(Process("killed", service, 1.0, state="ready"))
    monkeypatch.setattr("shared.runtime.processes.SILENT_SECONDS", -1)

    assert await fleet.of(service) == []
    monkeypatch.undo()
    assert await fleet.of(service) == []


async def test_redis_away_is_an_outage_for_who_asks_and_none_for_who_runs() -> None:
    url, went = "redis://127.0.0.1:1/0", list[str]()

    async with running(url, "narrator", went):
        await asyncio.sleep(0)
    async with Redis.from_url(url) as redis:
        with pytest.raises(UnavailableError):
            await Fleet(redis).of("narrator")
        with pytest.raises(UnavailableError):
            await Fleet(redis).restart("narrator")

    assert went == []
