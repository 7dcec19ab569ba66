"""Reading and writing topics from outside the product."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from tests.support.builders import script_adapted


async def make_topics(kafka: str, *names: str, partitions: int = 4) -> None:
    """Create topics with the broker's defaults."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
    finally:
        await admin.close()


async def request(kafka: str, topic: str, titles: Sequence[str]) -> set[UUID]:
    """Publish one adapted script per title; return the jobs' ids."""
    events = [script_adapted(job_id=uuid4(), title=title) for title in titles]
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        sent = (
            producer.send_and_wait(topic, event.model_dump_json().encode(), key=event.key)
            for event in events
        )
        await asyncio.gather(*sent)
    return {event.job_id for event in events}


async def everything_on(kafka: str, topic: str) -> list[bytes]:
    """Return the values of all records of a topic."""
    async with AIOKafkaConsumer(topic, bootstrap_servers=kafka) as consumer:
        partitions: set[TopicPartition] = consumer.assignment()
        ends = await consumer.end_offsets(partitions)
        await consumer.seek_to_beginning(*partitions)
        found: list[bytes] = []
        while len(found) < sum(ends.values()):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found += [record.value for record in records]
    return found
