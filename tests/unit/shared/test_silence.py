from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError

from shared.runtime.silence import Silence

PARTITION = TopicPartition("script.adapted", 0)


class Consumer:
    def __init__(self, *, position: int, end: int, away: bool = False) -> None:
        self.at, self.end, self.away = position, end, away
        self.paused_ones: set[TopicPartition] = set()

    def assignment(self) -> set[TopicPartition]:
        return {PARTITION}

    def paused(self) -> set[TopicPartition]:
        return self.paused_ones

    async def end_offsets(self, partitions: Any) -> dict[TopicPartition, int]:
        if self.away:
            raise KafkaConnectionError("no broker")
        return dict.fromkeys(partitions, self.end)

    async def position(self, _: TopicPartition) -> int:
        return self.at


async def looks(silence: Silence, consumer: Consumer, times: int, *, busy: bool = False) -> bool:
    for _ in range(times):
        await silence.look(consumer, busy=busy)
    return silence.stuck


async def test_hearing_nothing_although_there_is_something_is_being_stuck() -> None:
    consumer = Consumer(position=5, end=9)

    assert not await looks(Silence(), consumer, 1)
    assert await looks(Silence(), consumer, 2)


async def test_hearing_nothing_where_there_is_nothing_is_rest() -> None:
    assert not await looks(Silence(), Consumer(position=9, end=9), 5)


async def test_records_that_come_now_and_then_are_not_silence() -> None:
    silence, consumer = Silence(), Consumer(position=5, end=9)

    for _ in range(5):
        silence.heard()
        assert not await looks(silence, consumer, 2)


async def test_work_in_hand_a_pause_and_an_outage_are_not_silence() -> None:
    paused = Consumer(position=5, end=9)
    paused.paused_ones = {PARTITION}

    assert not await looks(Silence(), Consumer(position=5, end=9), 5, busy=True)
    assert not await looks(Silence(), paused, 5)
    assert not await looks(Silence(), Consumer(position=5, end=9, away=True), 5)
