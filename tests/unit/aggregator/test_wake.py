import asyncio

import pytest

from services.aggregator.wake import Wake


async def test_a_call_ends_the_wait() -> None:
    wake = Wake()
    waiting = asyncio.create_task(wake.wait(60))
    await asyncio.sleep(0)

    wake.call()

    await asyncio.wait_for(waiting, 1)


async def test_a_call_before_the_wait_counts_for_one_wait() -> None:
    wake = Wake()
    wake.call()
    await asyncio.wait_for(wake.wait(60), 1)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(wake.wait(60), 0.02)


async def test_the_wait_ends_without_a_call() -> None:
    await asyncio.wait_for(Wake().wait(0.01), 1)
