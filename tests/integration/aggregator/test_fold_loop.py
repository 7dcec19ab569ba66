import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.errors import UnavailableError
from shared.runtime import CommonSettings
from shared.runtime.fold import FoldLoop
from tests.support.waiting import until

pytestmark = pytest.mark.connected

PARTITIONS = 3
Partition = tuple[str, int]


class Ledger:
    """A fold in memory, which survives its consumers and keeps what it was given, in order."""

    def __init__(self) -> None:
        self.values: list[bytes] = []
        self.next: dict[Partition, int] = {}
        self.skipped: list[tuple[Partition, int, int]] = []
        self.away = False
        self.slow_positions = 0.0

    async def read(self, records: Sequence[Any]) -> Callable[[], Awaitable[None]]:
        return partial(self, records)

    async def __call__(self, records: Sequence[Any]) -> None:
        if self.away:
            raise UnavailableError("the database is away")
        for record in records:
            partition = record.topic, record.partition
            expected = self.next.get(partition, 0)
            if record.offset > expected:
                self.skipped.append((partition, expected, record.offset))
            if record.offset >= expected:
                self.values.append(record.value)
                self.next[partition] = record.offset + 1

    async def positions(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        if self.away:
            raise UnavailableError("the database is away")
        await asyncio.sleep(self.slow_positions)
        return {each: self.next[each] for each in partitions if each in self.next}

    async def holds(self, count: int) -> None:
        async def ask() -> bool:
            return len(self.values) >= count

        await until(ask)
        assert len(self.values) == count

    async def rewind(self, partitions: Collection[Partition]) -> None:
        for partition in partitions:
            self.next[partition] = 0


class Topic:
    def __init__(self, servers: str) -> None:
        self.servers = servers
        self.name = f"fold.{uuid4().hex}"
        self.group = f"group-{uuid4().hex}"

    @asynccontextmanager
    async def reading(self, ledger: Ledger) -> AsyncIterator[None]:
        settings = CommonSettings(kafka_bootstrap_servers=self.servers, session_timeout_seconds=6)
        loop = FoldLoop(self.group, settings, topics=[self.name], fold=ledger)
        task = asyncio.create_task(loop.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def write(self, *numbers: int) -> None:
        async with AIOKafkaProducer(bootstrap_servers=self.servers) as producer:
            for number in numbers:
                await producer.send(self.name, str(number).encode(), partition=number % PARTITIONS)
            await producer.flush()


@pytest.fixture
async def topic(kafka: str) -> Topic:
    made = Topic(kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.create_topics([NewTopic(made.name, PARTITIONS, 1)])
    await admin.close()
    return made


def sorted_numbers(ledger: Ledger) -> list[int]:
    return sorted(int(value) for value in ledger.values)


async def test_reads_everything_once_across_restarts(topic: Topic) -> None:
    ledger = Ledger()
    await topic.write(*range(100))
    async with topic.reading(ledger):
        await ledger.holds(100)
    await topic.write(*range(100, 150))

    async with topic.reading(ledger):
        await ledger.holds(150)

    assert sorted_numbers(ledger) == list(range(150))


async def test_goes_on_from_the_fold_and_not_from_what_the_group_committed(topic: Topic) -> None:
    await topic.write(*range(30))
    first = Ledger()
    async with topic.reading(first):
        await first.holds(30)
        await asyncio.sleep(0.5)

    # A database restored from yesterday: the group is ahead of it.
    restored = Ledger()
    restored.slow_positions = 1.5
    async with topic.reading(restored):
        await restored.holds(30)

    assert restored.skipped == []


async def test_waits_for_the_database_with_the_same_records(topic: Topic) -> None:
    ledger = Ledger()
    async with topic.reading(ledger):
        await topic.write(*range(10))
        await ledger.holds(10)
        ledger.away = True
        await topic.write(*range(10, 20))
        await asyncio.sleep(1.0)
        assert len(ledger.values) == 10

        ledger.away = False
        await ledger.holds(20)

    assert ledger.skipped == []


async def test_starts_while_the_database_is_away(topic: Topic) -> None:
    ledger = Ledger()
    ledger.away = True
    await topic.write(*range(10))
    async with topic.reading(ledger):
        await asyncio.sleep(3.0)

        ledger.away = False
        await ledger.holds(10)


async def test_replicas_that_come_and_go_lose_and_repeat_nothing(topic: Topic) -> None:
    # One ledger stands for the one database that both write to.
    ledger = Ledger()
    async with topic.reading(ledger):
        await topic.write(*range(50))
        await ledger.holds(50)
        async with topic.reading(ledger):
            for start in range(50, 150, 10):
                await topic.write(*range(start, start + 10))
                await asyncio.sleep(0.4)
        await topic.write(*range(150, 200))
        await ledger.holds(200)

    assert sorted_numbers(ledger) == list(range(200))
    assert ledger.skipped == []


async def test_a_topic_that_was_made_anew_is_read_from_its_start(topic: Topic) -> None:
    ledger = Ledger()
    ledger.next = {(topic.name, partition): 1_000 for partition in range(PARTITIONS)}
    await topic.write(*range(10))

    async with topic.reading(ledger):
        await ledger.holds(10)
