import asyncio

import pytest
from aiokafka import ConsumerRecord

from shared.runtime.starts import CrashedError, MemoryCounts, RedisCounts, Starts
from tests.support.records import Record


def record(offset: int = 0, partition: int = 0) -> ConsumerRecord:
    return Record("script.adapted", b"", partition, offset)


# A dead process leaves no block, and no collector leaves it in its stead.
DIED: list[asyncio.Task[None]] = []


async def started(starts: Starts, *records: ConsumerRecord) -> int:
    """Start records that never end, as in a process that dies; return how many could start."""
    begun = []

    async def run(each: ConsumerRecord) -> None:
        async with starts.of(each):
            begun.append(each)
            await asyncio.Event().wait()

    tasks = [asyncio.create_task(run(each)) for each in records]
    DIED.extend(tasks)
    for _ in range(20):
        await asyncio.sleep(0)
    for task in tasks:
        if task.done():
            task.result()
    return len(begun)


async def test_what_ends_is_forgotten_however_it_ends() -> None:
    counts = MemoryCounts()
    starts = Starts(counts, "narrator", most=1)

    for _ in range(5):
        async with starts.of(record()):
            pass
        with pytest.raises(ValueError, match="bad"):
            async with starts.of(record()):
                raise ValueError("bad")

    assert await counts.add("narrator:script.adapted/0/0", 1) == 1


async def test_a_start_that_was_cut_off_by_stopping_does_not_count() -> None:
    counts = MemoryCounts()
    starts = Starts(counts, "narrator", most=1)

    for _ in range(5):
        with pytest.raises(asyncio.CancelledError):
            async with starts.of(record()):
                raise asyncio.CancelledError

    assert await counts.add("narrator:script.adapted/0/0", 1) == 1


async def test_what_kills_the_process_again_and_again_is_put_aside() -> None:
    counts = MemoryCounts()

    async def process() -> int:
        return await started(Starts(counts, "narrator", most=2, window=8), record())

    # Twice among others, once alone.
    assert [await process() for _ in range(3)] == [1, 1, 1]
    with pytest.raises(CrashedError, match="died every time"):
        await process()


async def test_suspects_run_in_ever_smaller_company() -> None:
    counts = MemoryCounts()
    records = [record(offset) for offset in range(4)]

    async def process() -> int:
        return await started(Starts(counts, "narrator", most=1, window=20), *records)

    assert [await process() for _ in range(3)] == [4, 2, 3]


async def test_equal_offsets_of_two_partitions_are_two_records() -> None:
    counts = MemoryCounts()
    await started(Starts(counts, "narrator"), record(5, partition=0))

    assert await counts.add("narrator:script.adapted/1/5", 1) == 1


async def test_while_redis_is_away_this_process_counts() -> None:
    async with RedisCounts("redis://127.0.0.1:1/0") as counts:
        await counts.add("key", 1)

        assert await counts.add("key", 1) == 2
        await counts.forget("key")
        assert await counts.add("key", 1) == 1
