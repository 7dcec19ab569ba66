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
