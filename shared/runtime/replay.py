"""Reads topics again from their beginnings, the oldest record first, up to a mark.

No consumer group: nobody's offsets move. The order is by the records' timestamps across
partitions, and by offset within one: as near as can be to the order they were written in.
"""

import heapq
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.errors import UnavailableError
from shared.runtime import kafka_security
from shared.runtime.settings import CommonSettings

Partition = tuple[str, int]
Offsets = Mapping[Partition, int]
Head = tuple[tuple[int, int], TopicPartition]

POLL_MS = 1_000
# Of the partitions that have nothing in hand, together.
POLL_RECORDS = 20_000
FETCH_BYTES = 4 * 1024 * 1024
SILENT_POLLS = 60


class Replay:
    """An async context: open while it is read."""

    def __init__(self, name: str, settings: CommonSettings, topics: Sequence[str]) -> None:
        self._name = name
        self._settings = settings
        self._topics = topics
        self._consumer: Any = None
        self._partitions: list[TopicPartition] = []
        self._held: dict[TopicPartition, deque[ConsumerRecord]] = {}
        self._next: dict[TopicPartition, int] = {}
        # Of each partition: its first offset, and the time of its first record in
        # milliseconds, once that was read.
        self.first: dict[Partition, int] = {}
        self.oldest: dict[Partition, int] = {}

    async def __aenter__(self) -> Self:
        self._consumer = AIOKafkaConsumer(
            *self._topics,
            bootstrap_servers=self._settings.kafka_bootstrap_servers.split(","),
            client_id=f"bolt-{self._name}",
            group_id=None,
            enable_auto_commit=False,
            **kafka_security.options(),
            max_partition_fetch_bytes=FETCH_BYTES,
            fetch_max_bytes=8 * FETCH_BYTES,
        )
        try:
            await self._consumer.start()
            await self._assign()
        except (KafkaError, OSError) as error:
            await self._consumer.stop()
            raise UnavailableError(f"Kafka: {error!r}") from error
        except BaseException:
            await self._consumer.stop()
            raise
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._consumer.stop()

    async def ends(self) -> dict[Partition, int]:
        """Return where each partition ends now.

        Raises:
            UnavailableError: Kafka is away.
        """
        try:
            found = await self._consumer.end_offsets(self._partitions)
        except (KafkaError, OSError) as error:
            raise UnavailableError(f"Kafka: {error!r}") from error
        return {(tp.topic, tp.partition): offset for tp, offset in found.items()}

    async def records(self, until: Offsets, portion: int) -> AsyncIterator[list[ConsumerRecord]]:
        """Yield what was not yet read before `until`, in portions.

        Raises:
            UnavailableError: Kafka is away, or stopped answering.
        """
        heads: list[Head] = []
        ready: list[ConsumerRecord] = []
        left = {tp for tp in self._partitions if self._is_left(tp, until)}
        while left:
            if any(not self._held[tp] for tp in left):
                left, heads = await self._fill(left, until)
                continue
            tp = heapq.heappop(heads)[1]
            ready.append(self._held[tp].popleft())
            if not self._is_left(tp, until):
                left.discard(tp)
            elif self._held[tp]:
                heapq.heappush(heads, self._head(tp))
            if len(ready) >= portion:
                yield ready
                ready = []
        if ready:
            yield ready

    async def _assign(self) -> None:
        # Without a group it is given every partition of its topics.
        self._partitions = sorted(self._consumer.assignment())
        self._held = {tp: deque() for tp in self._partitions}
        if not self._partitions:
            raise UnavailableError(f"Kafka has none of {', '.join(self._topics)}")
        found = await self._consumer.beginning_offsets(self._partitions)
        for tp, offset in found.items():
            self._consumer.seek(tp, offset)
            self._next[tp] = self.first[tp.topic, tp.partition] = offset

    def _is_left(self, tp: TopicPartition, until: Offsets) -> bool:
        place = (tp.topic, tp.partition)
        next_offset = self._held[tp][0].offset if self._held[tp] else self._next[tp]
        return bool(next_offset < until.get(place, 0))

    def _head(self, tp: TopicPartition) -> Head:
        record = self._held[tp][0]
        return (record.timestamp, record.offset), tp

    async def _fill(
        self, left: set[TopicPartition], until: Offsets
    ) -> tuple[set[TopicPartition], list[Head]]:
        """Fetch for the partitions with nothing in hand; return those that are not through."""
        for _ in range(SILENT_POLLS):
            empty = [tp for tp in left if not self._held[tp]]
            found = await self._poll(empty)
            for tp, records in found.items():
                self._held[tp].extend(records)
                self.oldest.setdefault((tp.topic, tp.partition), records[0].timestamp)
            for tp in empty:
                # Compaction leaves gaps: an end may be reached without a record before it.
                self._next[tp] = await self._consumer.position(tp)
            left = {tp for tp in left if self._is_left(tp, until)}
            if found or all(self._held[tp] for tp in left):
                heads = [self._head(tp) for tp in left if self._held[tp]]
                heapq.heapify(heads)
                return left, heads
        raise UnavailableError("Kafka: no records arrive although there are some")

    async def _poll(self, empty: list[TopicPartition]) -> Mapping[TopicPartition, Any]:
        try:
            found: Mapping[TopicPartition, Any] = await self._consumer.getmany(
                *empty, timeout_ms=POLL_MS, max_records=POLL_RECORDS
            )
        except (KafkaError, OSError) as error:
            raise UnavailableError(f"Kafka: {error!r}") from error
        return found
