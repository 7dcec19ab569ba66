import asyncio

import pytest

from shared.errors import StoppedError
from shared.quota import Slots, caller, permission
from shared.runtime.going import Going, Verdict


async def test_a_user_with_one_request_waits_for_one_of_everybody_elses() -> None:
    slots, served = Slots(1), []

    async def work(user: str) -> None:
        caller.set(user)
        async with slots:
            served.append(user)
            await asyncio.sleep(0)

    await asyncio.gather(*(work(user) for user in ["many"] * 100 + ["one"]))

    assert served.index("one") <= 2
    assert len(served) == 101


async def test_no_more_than_its_places_are_taken() -> None:
    slots, now, most = Slots(3), 0, 0

    async def work() -> None:
        nonlocal now, most
        async with slots:
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(work() for _ in range(20)))

    assert (most, now) == (3, 0)


async def test_a_place_that_nobody_waits_for_any_more_goes_to_the_next() -> None:
    slots, served = Slots(1), asyncio.Event()

    async def work() -> None:
        async with slots:
            served.set()

    async with slots:
        gone, stays = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
        gone.cancel()
    await stays

    assert served.is_set()
    assert gone.cancelled()


async def test_who_is_paused_does_not_wait_on() -> None:
    slots, verdict = Slots(1), list[Verdict]([None])
    going = Going(verdict=lambda: verdict[-1])

    async def work() -> None:
        with going:
            async with slots:
                raise AssertionError("there was no place")

    async with slots:
        working = asyncio.create_task(work())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        verdict.append("paused")
        going.heed()
        with pytest.raises(StoppedError, match="paused"):
            await working

    assert permission.get() is None


async def test_more_places_are_given_to_those_who_wait_and_fewer_take_nobodys_away() -> None:
    slots, inside, go_on = Slots(1), list[int](), asyncio.Semaphore(0)

    async def work(number: int) -> None:
        async with slots:
            inside.append(number)
            await go_on.acquire()

    async def settled() -> list[int]:
        for _ in range(10):
            await asyncio.sleep(0)
        return list(inside)

    async with asyncio.TaskGroup() as group:
        for number in range(6):
            group.create_task(work(number))
        assert await settled() == [0]
        slots.resize(3)
        assert await settled() == [0, 1, 2]
        assert slots.waiting == 3
        slots.resize(1)
        go_on.release()
        go_on.release()
        assert await settled() == [0, 1, 2]
        go_on.release()
        assert await settled() == [0, 1, 2, 3]
        for _ in range(3):
            go_on.release()

    assert inside == [0, 1, 2, 3, 4, 5]
