"""How far behind a consumer is: counted here, without asking the brokers."""

from collections import Counter
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

from shared.telemetry import messaging

EVERY_SECONDS = 5.0


class Lag:
    """What one consumer has been given, against what its partitions hold."""

    def __init__(self, group: str, topics: tuple[str, ...]) -> None:
        self._group = group
        self._topics = topics
        self._next: dict[TopicPartition, int] = {}

    def given(self, record: ConsumerRecord) -> None:
        """Remember how far the consumer got."""
        self._next[TopicPartition(record.topic, record.partition)] = record.offset + 1

    def report(self, consumer: Any, *, in_hand: int = 0) -> None:
        """Say how many records are not settled.

        Args:
            consumer: The aiokafka consumer; it knows the ends of its partitions from what
                it fetched last.
            in_hand: Records that were given out and are still worked on.
        """
        held = consumer.assignment()
        self._next = {tp: offset for tp, offset in self._next.items() if tp in held}
        behind = Counter(dict.fromkeys(self._topics, 0))
        for tp, offset in self._next.items():
            behind[tp.topic] += max(0, (consumer.highwater(tp) or offset) - offset)
        for topic, records in behind.items():
            messaging.behind(self._group, topic, records + in_hand)
