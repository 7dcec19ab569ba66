import asyncio
import os
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.environment import Environment
from deploy.local.stack import Stack
from shared import topics

pytestmark = pytest.mark.connected


async def test_the_embedded_broker_carries_messages_of_the_declared_topics(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = Environment({"PATH": os.defpath, "BOLT_EMBEDDED_BROKER": "1"})
    stack = Stack(tmp_path, servers=("kafka",), services=(), environment=environment)
    await asyncio.to_thread(stack.start)
    assert "for trying things out" in capsys.readouterr().err
    try:
        address = {"bootstrap_servers": stack.endpoints.kafka}
        topic = topics.ALL[0]
        async with AIOKafkaProducer(**address) as producer:
            assert len(await producer.partitions_for(topic.name)) == topic.partitions
            await producer.send_and_wait(topic.name, b"hello")
        consumer = AIOKafkaConsumer(
            topic.name, **address, group_id="only-one", auto_offset_reset="earliest"
        )
        async with consumer:
            record = await asyncio.wait_for(consumer.getone(), 20)
        assert record.value == b"hello"
    finally:
        await asyncio.to_thread(stack.stop, forget=True)
    assert stack.pids() == {}
