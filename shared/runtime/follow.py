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

from shared.errors import InvalidEventError
from shared.events import Event
from shared.runtime.envelope import decode
from shared.runtime.service import Service

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Event)
Positions = dict[TopicPartition, int]

POLL_MS = 500
BACK_OFF_SECONDS = 2.0


async def follow(service: Service, event_type: type[E], on_event: Callable[[E], None]) -> None:
    """Call `on_event` with every event published from now on. Runs until it is cancelled.

    Args:
        service: Whose Kafka it is.
        event_type: What to follow.
        on_event: Must neither wait nor raise.
    """
    # Kept across consumers, so that an outage of the broker leaves no gap.
    positions: Positions = {}
    while True:
        try:
            await _follow(service, event_type, on_event, positions)
        except (KafkaError, OSError) as error:
            log.warning("following %s: %s; again soon", event_type.topic.name, error)
        await asyncio.sleep(BACK_OFF_SECONDS)


async def _follow(
    service: Service, event_type: type[E], on_event: Callable[[E], None], positions: Positions
) -> None:
    # Without a group it is given all partitions, and those that are added later.
    consumer = AIOKafkaConsumer(
        event_type.topic.name,
        bootstrap_servers=service.settings.kafka_bootstrap_servers.split(","),
        client_id=f"bolt-{service.name}-follow",
        group_id=None,
        enable_auto_commit=False,
        # Past what retention has removed there is only the end to go on from.
        auto_offset_reset="latest",
        fetch_max_wait_ms=250,
    )
    await consumer.start()
    try:
        await _place(consumer, positions)
        while True:
            for partition, records in (await consumer.getmany(timeout_ms=POLL_MS)).items():
                for record in records:
                    _tell(record, event_type, on_event)
                    positions[partition] = record.offset + 1
    finally:
        await consumer.stop()


async def _place(consumer: AIOKafkaConsumer, positions: Positions) -> None:
    partitions = sorted(consumer.assignment())
    ends = await consumer.end_offsets(partitions)
    for partition in partitions:
        consumer.seek(partition, positions.setdefault(partition, ends[partition]))
    log.info("following %d partitions", len(partitions))


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
