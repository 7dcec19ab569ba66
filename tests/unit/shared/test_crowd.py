import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest

from shared.errors import StoppedError
from shared.runtime.crowd import Crowd
from tests.support.builders import script_adapted

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
async def held() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def test_what_is_more_than_one_users_part_is_given_back(held: AsyncExitStack) -> None:
    crowd = Crowd(2)
    for _ in range(2):
        await held.enter_async_context(crowd.place(script_adapted(user_id=ONE)))

    with pytest.raises(StoppedError, match="2 jobs") as stopped:
        await held.enter_async_context(crowd.place(script_adapted(user_id=ONE)))

    assert stopped.value.why == "waiting"
    await held.enter_async_context(crowd.place(script_adapted(user_id=OTHER)))


async def test_what_was_given_back_before_is_taken(held: AsyncExitStack) -> None:
    crowd = Crowd(1)

    await held.enter_async_context(crowd.place(script_adapted(user_id=ONE)))
    await held.enter_async_context(crowd.place(script_adapted(user_id=ONE, parking=1)))


async def test_a_place_is_free_again_when_its_record_is_settled() -> None:
    crowd = Crowd(1)

    for _ in range(3):
        async with crowd.place(script_adapted(user_id=ONE)):
            pass


async def test_a_few_of_a_users_records_are_worked_on_and_the_others_wait_in_order() -> None:
    crowd, begun, go_on = Crowd(100, at_once=2), list[str](), asyncio.Event()

    async def work(name: str, user: UUID) -> None:
        async with crowd.place(script_adapted(user_id=user)):
            begun.append(name)
            await go_on.wait()

    async with asyncio.TaskGroup() as group:
        for number in range(5):
            group.create_task(work(f"one {number}", ONE))
        group.create_task(work("other", OTHER))
        for _ in range(20):
            await asyncio.sleep(0)
        first = list(begun)
        go_on.set()

    assert first == ["one 0", "one 1", "other"]
    assert begun[3:] == ["one 2", "one 3", "one 4"]


async def begun_of(crowd: Crowd, records: int, moments: int, pressure: float) -> list[int]:
    """Return how many of a user's records were begun after each of so many moments."""
    begun, go_on = [], asyncio.Event()

    async def work() -> None:
        async with crowd.place(script_adapted(user_id=ONE)):
            begun.append(1)
            await go_on.wait()

    async def moment() -> int:
        for _ in range(5):
            await asyncio.sleep(0)
        return len(begun)

    async with asyncio.TaskGroup() as group:
        for _ in range(records):
            group.create_task(work())
        counts = [await moment()]
        for _ in range(moments):
            crowd.heed(pressure)
            counts.append(await moment())
        go_on.set()
    return counts


async def test_more_are_begun_as_long_as_somebody_waits_and_processors_are_free() -> None:
    crowd = Crowd(100, at_once=30)

    assert await begun_of(crowd, 60, moments=4, pressure=0.0) == [16, 20, 25, 30, 30]


async def test_fewer_are_begun_while_processors_are_short_but_never_none() -> None:
    crowd = Crowd(100, at_once=30)
    for _ in range(10):
        crowd.heed(0.5)

    assert await begun_of(crowd, 60, moments=2, pressure=0.15) == [4, 4, 4]
    assert await begun_of(crowd, 60, moments=2, pressure=0.0) == [4, 5, 6]


async def test_nobody_waits_for_more_places_than_there_may_be() -> None:
    crowd = Crowd(100, at_once=2)
    crowd.heed(0.5)

    assert await begun_of(crowd, 5, moments=3, pressure=0.0) == [2, 2, 2, 2]


async def test_what_was_short_is_forgotten_where_nobody_waits() -> None:
    crowd = Crowd(100, at_once=30)
    crowd.heed(0.5)
    crowd.heed(0.5)

    for _ in range(40):
        crowd.heed(0.0)

    assert await begun_of(crowd, 60, moments=0, pressure=0.0) == [16]
