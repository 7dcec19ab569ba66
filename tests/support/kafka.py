"""Reading and writing topics from outside the product."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from tests.support.builders import script_adapted
from tests.support.waiting import until

NO_LEADER_YET = {
    KafkaError.LEADER_NOT_AVAILABLE,
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.UNKNOWN_TOPIC_OR_PART,
}


async def make_topics(kafka: str, *names: str, partitions: int = 4) -> None:
    """Create topics with the broker's defaults."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, partitions, 1) for name in names])
    finally:
        await admin.close()
    for name in names:
        await until(partial(asyncio.to_thread, _is_led, kafka, name))


def _is_led(kafka: str, topic: str) -> bool:
    """Return whether each partition answers: its leader is named before it knows of that."""
    reader = Consumer({"bootstrap.servers": kafka, "group.id": "leaders"})
    try:
        numbers = reader.list_topics(topic, timeout=20).topics[topic].partitions
        for number in numbers:
            reader.get_watermark_offsets(TopicPartition(topic, number), timeout=20)
    except KafkaException as error:
        if error.args[0].code() in NO_LEADER_YET:
            return False
        raise
    else:
        return bool(numbers)
    finally:
        reader.close()


async def request(
    kafka: str, topic: str, titles: Sequence[str], *, user_id: UUID | None = None
) -> set[UUID]:
    """Publish one adapted script per title, each of another user if not told; return the ids."""
    # What is too much of one user is given back, and nobody here sends it again.
    events = [
        script_adapted(job_id=uuid4(), user_id=user_id or uuid4(), title=title) for title in titles
    ]
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        sent = (
            producer.send_and_wait(topic, event.model_dump_json().encode(), key=event.key)
            for event in events
        )
        await asyncio.gather(*sent)
    return {event.job_id for event in events}


async def everything_on(kafka: str, topic: str) -> list[bytes]:
    """Return the values of all records of a topic, read by a client that is not ours."""
    return await asyncio.to_thread(_read, kafka, topic)


def _read(kafka: str, topic: str) -> list[bytes]:
    reader = Consumer(
        {"bootstrap.servers": kafka, "group.id": "everything", "enable.auto.commit": False}
    )
    try:
        numbers = reader.list_topics(topic, timeout=20).topics[topic].partitions
        partitions = [TopicPartition(topic, number, 0) for number in numbers]
        left = sum(reader.get_watermark_offsets(each, timeout=20)[1] for each in partitions)
        reader.assign(partitions)
        found: list[bytes] = []
        # A message is as long as its value: one without is false, and still a message.
        while left and (message := reader.poll(20)) is not None:
            if message.error():
                raise KafkaException(message.error())
            found.append(message.value() or b"")
            left -= 1
        assert not left, f"{left} records of {topic} did not come"
        return found
    finally:
        reader.close()
