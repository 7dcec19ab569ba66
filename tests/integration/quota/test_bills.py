from uuid import uuid4

import pytest

from shared.quota import Bill, RedisLines
from shared.vocabulary import Usage

pytestmark = pytest.mark.connected


async def test_a_bill_outlives_the_process_that_paid(redis_url: str) -> None:
    name = f"narrator:{uuid4()}/1/0"
    async with RedisLines(redis_url) as first, RedisLines(redis_url) as second:
        await Bill(name, first).add(Usage(provider="tone", calls=1, characters=3))
        await Bill(name, first).add(Usage(provider="tone", calls=1, characters=4))

        bill = Bill(name, second)
        (paid,) = await bill.total()
        await bill.settle()

        assert (paid.calls, paid.characters) == (2, 7)
        assert await Bill(name, first).total() == ()


async def test_without_redis_a_bill_holds_what_its_own_process_paid() -> None:
    async with RedisLines("redis://127.0.0.1:1") as lines:
        bill = Bill("narrator:e1", lines)
        await bill.add(Usage(provider="tone", calls=1))

        assert [paid.calls for paid in await bill.total()] == [1]
        await bill.settle()
