"""Other systems speak to the pipeline with a Kafka client that is not ours."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from cli.client import Client
from deploy.local.stack import Stack
from shared.topics import DECLARED
from tests.support.titles import new_title
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

Say = Callable[[str, bytes | dict[str, Any]], None]


@pytest.fixture
def say(stack: Stack) -> Say:
    producer = Producer({"bootstrap.servers": stack.endpoints.kafka})

    def publish(topic: str, value: bytes | dict[str, Any]) -> None:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        refused: list[Any] = []
        # A compacted topic takes no record without a key.
        producer.produce(topic, body, key=b"k", on_delivery=lambda why, _: refused.append(why))
        assert producer.flush(10) == 0
        assert refused == [None]

    return publish


def hear(stack: Stack, topic: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    consumer = Consumer(
        {
            "bootstrap.servers": stack.endpoints.kafka,
            "group.id": uuid4().hex,
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([topic])
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            message = consumer.poll(0.5)
            if message is None or message.error():
                continue
            event = _decoded(message.value())
            if event and wanted(event):
                return {**event, "headers": dict(message.headers() or [])}
    finally:
        consumer.close()
    raise TimeoutError(f"nothing like that on {topic}")


def _decoded(value: bytes | None) -> dict[str, Any] | None:
    """Return the event; None for what a test put there to be refused."""
    try:
        event = json.loads(value or b"null")
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


async def test_a_title_on_jobs_requested_becomes_audio(stack: Stack, say: Say) -> None:
    title = new_title()

    say("jobs.requested", {"title": title, "language": "pt-BR"})

    ready = await asyncio.to_thread(hear, stack, "audio.ready", lambda e: e.get("title") == title)
    assert ready["audio"]["media_type"] == "audio/mpeg"
    assert ready["audio_seconds"] > 5
    assert ready["voice"] == "espeak:pt-BR"
    assert ready["headers"]["ce_type"] == b"bolt.audio.ready.v1"
    assert ready["headers"]["traceparent"]


async def test_a_job_from_kafka_has_an_implicit_batch(stack: Stack, say: Say) -> None:
    title = new_title()
    say("jobs.requested", {"title": title, "language": "pt-BR"})
    await asyncio.to_thread(hear, stack, "audio.ready", lambda e: e.get("title") == title)

    connection = await asyncpg.connect(stack.endpoints.database_url)

    async def ended() -> asyncpg.Record | None:
        return await connection.fetchrow(
            "SELECT b.state, b.total, b.mode FROM batches b JOIN jobs j USING (batch_id) "
            "WHERE j.title = $1 AND b.completed_at IS NOT NULL",
            title,
        )

    try:
        row = await until(ended)
    finally:
        await connection.close()
    assert dict(row) == {"state": "completed", "total": 1, "mode": None}


async def test_a_finished_text_enters_at_script_adapted(stack: Stack, say: Say) -> None:
    title = new_title()
    text = "Atenção. A estação fecha às dez horas. Boa viagem a todos."

    say("script.adapted", {"title": title, "language": "pt-BR", "text": text})

    ready = await asyncio.to_thread(hear, stack, "audio.ready", lambda e: e.get("title") == title)
    assert 2 < ready["audio_seconds"] < 12


async def test_a_finished_script_enters_at_jobs_requested(stack: Stack, say: Say) -> None:
    title = new_title()
    text = "O mar é largo. O barco é pequeno. A viagem começa agora."

    say("jobs.requested", {"title": title, "language": "pt-BR", "text": text})

    generated = await asyncio.to_thread(
        hear, stack, "script.generated", lambda e: e.get("title") == title
    )
    ready = await asyncio.to_thread(hear, stack, "audio.ready", lambda e: e.get("title") == title)
    assert generated.get("usage", []) == []
    assert 2 < ready["audio_seconds"] < 12


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"language": "xx-XX"}, "xx-XX"),
        ({"language": "pt-BR", "voice": "espeak:ja-JP"}, "espeak:ja-JP"),
        ({"language": "pt-BR", "voice": "nobody"}, "nobody"),
    ],
)
async def test_what_cannot_be_fails_with_a_precise_reason(
    stack: Stack, say: Say, asked: dict[str, str], says: str
) -> None:
    title = new_title()

    say("script.adapted", {"title": title, "text": "Olá.", **asked})

    failed = await asyncio.to_thread(hear, stack, "jobs.failed", lambda e: e.get("title") == title)
    assert failed["code"] == "invalid_request"
    assert says in failed["reason"]


async def test_malformed_bytes_on_every_topic_stop_nothing(
    stack: Stack, say: Say, bolt: Client
) -> None:
    for topic in DECLARED:
        for value in (b"\xff\xfe", b"{", b"[]", b'{"title": ""}', b"x" * 900_000):
            say(topic.name, value)
    title = new_title()

    accepted = await bolt.create_batch(
        {"mode": "expand_titles", "title": title, "language": "pt-BR"}
    )
    async with asyncio.timeout(60):
        states = [m async for m in bolt.watch(accepted["batch_id"])]

    assert states[-1].get("batch", states[-1])["state"] == "completed"
    for topic in DECLARED:
        for service in topic.consumed_by:
            await five_dead(stack, f"{topic.name}.{service}.dead")


async def five_dead(stack: Stack, topic: str) -> None:
    async def so() -> bool:
        return await asyncio.to_thread(dead, stack, topic) >= 5

    await until(so, seconds=20)


def dead(stack: Stack, topic: str) -> int:
    consumer = Consumer({"bootstrap.servers": stack.endpoints.kafka, "group.id": "count"})
    try:
        partitions = consumer.list_topics(topic, timeout=10).topics[topic].partitions
        return sum(
            consumer.get_watermark_offsets(TopicPartition(topic, number), timeout=10)[1]
            for number in partitions
        )
    finally:
        consumer.close()


async def test_one_trace_follows_a_job_of_a_batch_through_every_stage(
    stack: Stack, bolt: Client
) -> None:
    title = new_title()
    accepted = await bolt.create_batch(
        {"mode": "expand_titles", "title": title, "language": "pt-BR"}
    )
    async for _ in bolt.watch(accepted["batch_id"]):
        pass

    traces = set()
    for topic in ("jobs.requested", "script.generated", "script.adapted", "audio.ready"):
        event = await asyncio.to_thread(hear, stack, topic, lambda e: e.get("title") == title)
        version, trace_id, _, _ = event["headers"]["traceparent"].decode().split("-")
        assert version == "00"
        traces.add(trace_id)

    assert len(traces) == 1
