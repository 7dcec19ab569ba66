"""Follows a topic from its end, in every process that asks: for what is shown, not for work.

No consumer group, so no offsets and no rebalancing: each process sees every record, from
the moment it began to follow. What matters must not depend on it.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import TypeVar

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from shared.errors import InvalidEventError, UnavailableError
from shared.events import Event
from shared.runtime import kafka_security
from shared.runtime.envelope import decode

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Positions = dict[TopicPartition, int]

POLL_MS = 500
BACK_OFF_SECONDS = 2.0


async def follow(
    servers: str,
    event_type: type[E],
    on_event: Callable[[E], None],
    *,
    read: asyncio.Event | None = None,
) -> None:
    """Call `on_event` with every event published from now on. Runs until it is cancelled.

    Args:
        servers: Whose Kafka it is, as in the settings.
        event_type: What to follow.
        on_event: Must neither wait nor raise.
        read: Begin with what was published before, and set this when all of it was told.
    """
    # Kept across consumers, so that an outage of the broker leaves no gap.
    positions: Positions = {}
    while True:
        try:
            await _follow(servers, event_type, on_event, positions, read)
        except (KafkaError, UnavailableError, OSError) as error:
            log.warning("following %s: %s; again soon", event_type.topic.name, error)
        await asyncio.sleep(BACK_OFF_SECONDS)


async def _follow(
    servers: str,
    event_type: type[E],
    on_event: Callable[[E], None],
    positions: Positions,
    read: asyncio.Event | None,
) -> None:
    # Without a group it is given all partitions, and those that are added later.
    consumer = AIOKafkaConsumer(
        event_type.topic.name,
        bootstrap_servers=servers.split(","),
        client_id="bolt-follow",
        group_id=None,
        enable_auto_commit=False,
        **kafka_security.options(),
        # Past what retention has removed there is only the end to go on from.
        auto_offset_reset="latest" if read is None else "earliest",
        fetch_max_wait_ms=250,
    )
    await consumer.start()
    try:
        ends = await _place(consumer, positions, from_start=read is not None)
        while True:
            if read is not None and all(positions[each] >= end for each, end in ends.items()):
                read.set()
            for partition, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                for record in records:
                    _tell(record, event_type, on_event)
                    positions[partition] = record.offset + 1
    finally:
        await consumer.stop()


async def _place(
    consumer: AIOKafkaConsumer, positions: Positions, *, from_start: bool
) -> Positions:
    partitions = sorted(consumer.assignment())
    if not partitions:
        raise UnavailableError("the topic has no partitions yet")
    ends: Positions = await consumer.end_offsets(partitions)
    starts = await consumer.beginning_offsets(partitions) if from_start else ends
    for partition in partitions:
        consumer.seek(partition, positions.setdefault(partition, starts[partition]))
    log.info("following %d partitions", len(partitions))
    return ends


def _tell(record: ConsumerRecord, event_type: type[E], on_event: Callable[[E], None]) -> None:
    try:
        event = decode(
            event_type,
            record.value,
            record.headers,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
        )
    except InvalidEventError as error:
        log.warning("%s", error)
        return
    on_event(event)
