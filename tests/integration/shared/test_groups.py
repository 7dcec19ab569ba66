from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.errors import UnavailableError
from shared.runtime.groups import groups
from tests.support.kafka import make_topics

pytestmark = pytest.mark.connected


async def test_says_who_is_alive_and_how_far_behind(kafka: str) -> None:
    topic, service = f"t-{uuid4().hex}", f"s-{uuid4().hex}"
    await make_topics(kafka, topic, partitions=1)
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        for _ in range(5):
            await producer.send_and_wait(topic, b"x", partition=0)
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=service,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    async with consumer:
        await consumer.getone()
        await consumer.getone()
        await consumer.commit()

        (alive,) = await groups(kafka, [service])

    (gone,) = await groups(kafka, [service])
    (unknown,) = await groups(kafka, ["nobody"])
    assert (alive.replicas, gone.replicas, unknown.replicas) == (1, 0, 0)
    assert alive.behind == gone.behind == {topic: 3}
    assert unknown.behind == {}


async def test_brokers_that_are_away_are_an_outage() -> None:
    with pytest.raises(UnavailableError):
        await groups("127.0.0.1:1", ["narrator"])
