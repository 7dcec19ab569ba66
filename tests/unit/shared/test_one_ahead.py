import asyncio

import pytest

from shared.runtime.one_ahead import OneAhead


async def test_work_goes_on_while_the_next_is_made_ready() -> None:
    ready, told = asyncio.Event(), []

    async def first() -> None:
        await ready.wait()
        told.append("first")

    async def second() -> None:
        told.append("second")

    work = OneAhead()
    await work.begin(first)
    ready.set()
    await work.begin(second)
    await work.done()

    assert told == ["first", "second"]


async def test_what_follows_a_failure_is_never_begun() -> None:
    begun = []

    async def fails() -> None:
        raise LookupError("the first")

    async def follows() -> None:
        begun.append("second")

    work = OneAhead()
    await work.begin(fails)
    with pytest.raises(LookupError, match="the first"):
        await work.begin(follows)
    await work.done()

    assert begun == []


async def test_what_is_under_way_is_called_off_and_waited_for() -> None:
    ended = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cleanly")

    work = OneAhead()
    await work.begin(endless)
    await asyncio.sleep(0)

    await work.stop()
    await work.done()

    assert ended == ["cleanly"]
