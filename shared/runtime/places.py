"""Reads single records by where they lie: no group, no order, no commit."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.errors import UnavailableError
from shared.runtime import kafka_security

# Topic, partition, offset.
Place = tuple[str, int, int]

ANSWER_SECONDS = 10.0
READ_MS = 5_000
READ_RECORDS = 500
# A gap this small is read over; past it, seeking is cheaper.
READ_OVER = 1_000


async def read(servers: str, places: Collection[Place]) -> dict[Place, ConsumerRecord]:
    """Return the records at `places`; those that Kafka does not have any more are left out.

    Raises:
        UnavailableError: Kafka did not answer.
    """
    wanted: dict[TopicPartition, set[int]] = defaultdict(set)
    for topic, partition, offset in places:
        wanted[TopicPartition(topic, partition)].add(offset)
    found: dict[Place, ConsumerRecord] = {}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers.split(","),
        group_id=None,
        enable_auto_commit=False,
        **kafka_security.options(),
    )
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            await consumer.start()
            there = await consumer.topics()
        for partition, offsets in wanted.items():
            if partition.topic in there:
                for record in await _of(consumer, partition, offsets):
                    found[record.topic, record.partition, record.offset] = record
    except (KafkaError, TimeoutError, OSError) as error:
        raise UnavailableError(f"Kafka did not give back records: {error!r}") from error
    finally:
        await consumer.stop()
    return found


async def _of(
    consumer: Any, partition: TopicPartition, offsets: Collection[int]
) -> list[ConsumerRecord]:
    consumer.assign([partition])
    async with asyncio.timeout(ANSWER_SECONDS):
        first = (await consumer.beginning_offsets([partition]))[partition]
        end = (await consumer.end_offsets([partition]))[partition]
    left = sorted(offset for offset in offsets if first <= offset < end)
    found: list[ConsumerRecord] = []
    at: int | None = None
    while left:
        if at is None or not 0 <= left[0] - at < READ_OVER:
            consumer.seek(partition, left[0])
        records = (
            await consumer.getmany(partition, timeout_ms=READ_MS, max_records=READ_RECORDS)
        ).get(partition, [])
        if not records:
            raise TimeoutError(f"nothing came of {partition} from {left[0]} on")
        at = records[-1].offset + 1
        found += [record for record in records if record.offset in offsets]
        left = [offset for offset in left if offset >= at]
    return found
