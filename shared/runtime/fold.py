"""Feeds a fold from Kafka: a consumer whose offsets live with what it folded.

The consumer group only shares out partitions. Where to go on from is what the fold says,
because it writes the next offset in the transaction that holds the effect. What is
committed to Kafka afterwards serves lag monitors, and nobody else.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import IllegalStateError, KafkaError

from shared.errors import TransientError, UnavailableError
from shared.runtime import kafka_security
from shared.runtime.connection import consumer_options
from shared.runtime.lag import Lag
from shared.runtime.one_ahead import OneAhead
from shared.runtime.settings import CommonSettings
from shared.runtime.to_its_end import to_its_end
from shared.runtime.together import Together
from shared.telemetry import messaging, recent, stages

log = logging.getLogger(__name__)

T = TypeVar("T")
Partition = tuple[str, int]

# Takes in what was read, whole or not at all; raises `TransientError` where it is to be
# called again.
Write = Callable[[], Awaitable[None]]

POLL_MS = 250
# Every call to the brokers ends: aiokafka itself would retry some of them for ever.
BROKER_SECONDS = 10.0
COMMIT_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 10.0
# Without records for this long, ask the brokers whether there are any.
IDLE_SECONDS = 60.0


class Fold(Protocol):
    """Takes records in, and remembers how far it got."""

    async def read(self, records: Sequence[ConsumerRecord]) -> "Write":
        """Find out what `records` say, and return what takes in as much of it as is new.

        The next records are read while that is under way.

        Raises:
            TransientError: try the same records again.
        """
        ...

    async def positions(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """Return the next offset of those partitions of which anything was taken in."""
        ...

    async def rewind(self, partitions: Collection[Partition]) -> None:
        """Forget how far these got: their topic was made anew and starts over."""
        ...


class FoldLoop(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """One consumer and the fold it feeds. `run` it as a task of the service."""

    def __init__(
        self,
        group: str,
        settings: CommonSettings,
        *,
        topics: Sequence[str],
        fold: Fold,
        max_records: int = 10_000,
    ) -> None:
        self._group = group
        self._settings = settings
        self._topics = topics
        self._fold = fold
        self._max_records = max_records
        self._lag = Lag(group, tuple(topics))
        stages.begin_reader(topics)
        # Records of a partition count only once we moved it to where the fold is: aiokafka
        # hands some out before that, from wherever the group had committed.
        self._sought: set[TopicPartition] = set()
        self._rebalances = 0
        self._rebalancing = False
        self._next: dict[TopicPartition, int] = {}
        self._heard = time.monotonic()
        self._behind = False
        self._together = Together()
        self._writing = OneAhead()

    async def run(self) -> None:
        """Consume until cancelled, through outages of Kafka and of what the fold needs."""
        tries = 0
        while True:
            started = time.monotonic()
            try:
                await self._consume()
            except (KafkaError, UnavailableError, TimeoutError, OSError) as error:
                tries = 1 if time.monotonic() - started > IDLE_SECONDS else tries + 1
                log.warning("the consumer starts anew: %s: %s", type(error).__name__, error)
                await _pause(tries)

    def on_partitions_revoked(self, _revoked: Collection[TopicPartition]) -> None:
        """Stop believing what arrives."""
        self._forget(rebalancing=True)

    def on_partitions_assigned(self, _assigned: Collection[TopicPartition]) -> None:
        """Have the loop move each partition to where the fold is."""
        self._forget(rebalancing=False)

    def _forget(self, *, rebalancing: bool) -> None:
        self._rebalances += 1
        self._rebalancing = rebalancing
        self._sought.clear()
        self._next.clear()

    async def _consume(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._settings.kafka_bootstrap_servers.split(","),
            client_id=f"bolt-{self._group}",
            enable_auto_commit=False,
            **kafka_security.options(),
            max_poll_records=self._max_records,
            **consumer_options(self._group, self._settings),
        )
        self._forget(rebalancing=True)
        consumer.subscribe(self._topics, listener=self)
        try:
            await consumer.start()
            while True:
                await self._poll(consumer)
        finally:
            # What is being written is: it finishes; what only waits for another try comes again.
            await self._writing.stop()
            await _close(consumer)

    async def _poll(self, consumer: Any) -> None:
        await self._seek(consumer)
        self._lag.report(consumer)
        batches = await self._together.fetch(consumer, POLL_MS, self._max_records)
        # Not only those that have not been sought: in a rebalance none can be trusted.
        trusted = {tp: found for tp, found in batches.items() if tp in self._sought}
        if not trusted:
            await self._writing.done()
            await self._watch(consumer)
            return
        self._heard, self._behind = time.monotonic(), False
        records = [record for found in trusted.values() for record in found]
        self._count(records)
        ends = {tp: found[-1].offset + 1 for tp, found in trusted.items()}
        self._next.update(ends)
        write = await _surely(lambda: self._fold.read(records), len(records))
        await self._writing.begin(partial(self._write, consumer, write, len(records), ends))

    async def _write(
        self, consumer: Any, write: Write, records: int, ends: Mapping[TopicPartition, int]
    ) -> None:
        began = time.monotonic()
        await _surely(lambda: to_its_end(write()), records)
        recent.HERE.handled(records, time.monotonic() - began)
        for topic in {tp.topic for tp in ends}:
            messaging.processed(topic, self._group, time.monotonic() - began)
        await _commit(consumer, ends)

    async def _seek(self, consumer: Any) -> None:
        lost = consumer.assignment() - self._sought
        if self._rebalancing or not lost:
            return
        await self._writing.done()
        before = self._rebalances
        async with asyncio.timeout(BROKER_SECONDS):
            first = await consumer.beginning_offsets(lost)
            end = await consumer.end_offsets(lost)
        stored = await self._fold.positions([(tp.topic, tp.partition) for tp in lost])
        starts = {tp: stored.get((tp.topic, tp.partition), first[tp]) for tp in lost}
        if renewed := [tp for tp, start in starts.items() if start > end[tp]]:
            log.warning("made anew, and read from their start: %s", renewed)
            await self._fold.rewind([(tp.topic, tp.partition) for tp in renewed])
            starts |= {tp: first[tp] for tp in renewed}
        if trimmed := [tp for tp, start in starts.items() if start < first[tp]]:
            log.error("retention has removed records that were never folded: %s", trimmed)
        if self._rebalances != before:
            return
        for tp, start in starts.items():
            consumer.seek(tp, max(start, first[tp]))
        self._next.update(starts)
        self._sought.update(lost)

    def _count(self, records: Sequence[ConsumerRecord]) -> None:
        for record in records:
            self._lag.given(record)
        for topic, count in Counter(record.topic for record in records).items():
            messaging.consumed(topic, self._group, count)
        stages.waited(self._group, min(record.timestamp for record in records))

    async def _watch(self, consumer: Any) -> None:
        """Notice a consumer that hears nothing although there is something to hear."""
        if self._rebalancing or time.monotonic() - self._heard < IDLE_SECONDS:
            return
        self._heard = time.monotonic()
        async with asyncio.timeout(BROKER_SECONDS):
            end = await consumer.end_offsets(list(self._next))
        behind = any(end[tp] > self._next[tp] for tp in end if tp in self._next)
        if behind and self._behind:
            raise UnavailableError("no records arrive although there are some")
        self._behind = behind


async def _surely(attempt: Callable[[], Awaitable[T]], records: int) -> T:
    tries = 0
    while True:
        try:
            return await attempt()
        except TransientError as error:
            tries += 1
            log.warning("%d records wait: %s", records, error)
            await _pause(tries)


async def _commit(consumer: Any, ends: Mapping[TopicPartition, int]) -> None:
    try:
        async with asyncio.timeout(COMMIT_SECONDS):
            await consumer.commit(dict(ends))
    except (KafkaError, IllegalStateError, TimeoutError) as error:
        # The fold knows where it is. Only a lag monitor is misled, until the next commit.
        log.debug("commit for lag monitors failed: %r", error)


async def _close(consumer: Any) -> None:
    try:
        async with asyncio.timeout(BROKER_SECONDS):
            await consumer.stop()
    except (KafkaError, TimeoutError, OSError) as error:
        log.debug("closing the consumer: %r", error)


async def _pause(tries: int) -> None:
    await asyncio.sleep(min(0.25 * 2.0 ** min(tries, 10), LONGEST_WAIT_SECONDS))
