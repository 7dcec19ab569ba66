from typing import Any

from aiokafka import TopicPartition

from shared.runtime.together import Together


class Consumer:
    def __init__(self, numbers: int, waiting: int) -> None:
        self.waiting = {
            TopicPartition(topic, number): ["record"] * waiting
            for topic in ("script.generated", "script.adapted")
            for number in range(numbers)
        }
        self.waited = 0

    def assignment(self) -> frozenset[TopicPartition]:
        return frozenset(self.waiting)

    async def getmany(self, *partitions: TopicPartition, timeout_ms: int, max_records: int) -> Any:
        found: dict[TopicPartition, list[str]] = {}
        for partition in partitions or self.waiting:
            if portion := self.waiting[partition][:max_records]:
                del self.waiting[partition][: len(portion)]
                found[partition] = portion
                max_records -= len(portion)
        self.waited += timeout_ms if not found else 0
        return found


def numbers(found: Any) -> set[int]:
    return {partition.partition for partition in found}


async def test_partitions_of_one_number_come_in_one_portion() -> None:
    consumer, together = Consumer(numbers=3, waiting=10), Together()

    portions = [await together.fetch(consumer, 250, 20) for _ in range(3)]

    assert [numbers(portion) for portion in portions] == [{0}, {1}, {2}]
    assert all(len(portion) == 2 for portion in portions)


async def test_no_number_waits_for_the_end_of_another() -> None:
    consumer, together = Consumer(numbers=2, waiting=1_000), Together()

    turns = [numbers(await together.fetch(consumer, 250, 10)) for _ in range(4)]

    assert turns == [{0}, {1}, {0}, {1}]


async def test_what_there_is_of_all_numbers_comes_at_once_where_it_is_little() -> None:
    consumer, together = Consumer(numbers=4, waiting=2), Together()

    found = await together.fetch(consumer, 250, 100)

    assert sum(map(len, found.values())) == 16
    assert consumer.waited == 0


async def test_where_there_is_nothing_it_waits() -> None:
    consumer, together = Consumer(numbers=2, waiting=0), Together()

    assert await together.fetch(consumer, 250, 100) == {}

    assert consumer.waited == 250
