"""Fetches what belongs together together: partitions of one number, of all topics.

Topics are keyed alike, so that partitions of one number tell of the same things. Where much
waits to be read, a portion that has all of one number is about fewer things, each told whole,
than one that has as much of whatever arrived first.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from aiokafka import ConsumerRecord, TopicPartition

Fetched = dict[TopicPartition, list[ConsumerRecord]]


class Together:
    """Takes turns among the numbers, so that none waits for another's end."""

    def __init__(self) -> None:
        self._last = -1

    async def fetch(self, consumer: Any, timeout_ms: int, most: int) -> Fetched:
        """Return what has arrived, `most` records at most; wait where there is nothing."""
        found: Fetched = {}
        left = most
        for number, partitions in self._turns(consumer):
            portion: Fetched = await consumer.getmany(*partitions, timeout_ms=0, max_records=left)
            found |= portion
            left -= sum(map(len, portion.values()))
            if portion:
                self._last = number
                # Unpacking them took a while: let others have their turn.
                await asyncio.sleep(0)
            if left <= 0:
                break
        if not found:
            found = await consumer.getmany(timeout_ms=timeout_ms, max_records=most)
        return found

    def _turns(self, consumer: Any) -> Iterator[tuple[int, list[TopicPartition]]]:
        groups: dict[int, list[TopicPartition]] = defaultdict(list)
        for partition in consumer.assignment():
            groups[partition.partition].append(partition)
        for number in sorted(groups, key=lambda number: (number <= self._last, number)):
            yield number, groups[number]
