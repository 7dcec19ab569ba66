import asyncio
import collections
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from shared.runtime.create_topics import Settings, create
from tests.support.kafka import everything_on, make_topics, request
from tests.support.processes import Log, Processes
from tests.support.waiting import until

pytestmark = pytest.mark.connected

LARGE = 50_000_000


@pytest.fixture
async def topic(kafka: str) -> str:
    await create(Settings(kafka_bootstrap_servers=kafka))
    name = f"recorded-{uuid4().hex[:8]}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    room = {"max.message.bytes": str(LARGE + 1_000_000)}
    await admin.create_topics([NewTopic(name, 4, 1, topic_configs=room)])
    await admin.close()
    await make_topics(kafka, f"{name}.{name}.dead")
    return name


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "recorder.log")


@pytest.fixture
def processes(kafka: str, redis_url: str, topic: str, log: Log) -> Iterator[Processes]:
    started = Processes(kafka, topic, log, REDIS_URL=redis_url)
    yield started
    started.end()


async def test_on_a_cluster_without_topics_it_ends_and_makes_none(
    kafka: str, log: Log, tmp_path: Path
) -> None:
    name = f"nowhere-{uuid4().hex[:8]}"
    processes = Processes(kafka, name, log)

    ended = await asyncio.to_thread(processes.start().wait, 30)

    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    there = await admin.list_topics()
    await admin.close()
    assert ended != 0
    assert not [each for each in there if each.startswith(name)]


async def test_a_record_of_50_mb_stops_nobody(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    async with AIOKafkaProducer(
        bootstrap_servers=kafka, max_request_size=LARGE + 500_000
    ) as producer:
        large = b'{"title":"' + b"x" * LARGE + b'"}'
        await producer.send_and_wait(topic, large, key=b"k", partition=0)
    jobs = await request(kafka, topic, ["0.0"] * 40)
    processes.start()

    await log.finished(40)

    async def put_aside() -> list[bytes]:
        return await everything_on(kafka, f"{topic}.{topic}.dead")

    # Its value does not fit beside the headers: they say where it lies.
    assert await until(put_aside) == [b""]
    assert set(log.lines("F")) == jobs


async def test_a_slow_assignment_loses_nothing_and_repeats_nothing(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    jobs = await request(kafka, topic, ["0.0"] * 200)
    processes.start(RECORDER_SLOW="1.5")

    await log.finished(200)

    assert set(log.lines("F")) == jobs
    assert max(collections.Counter(log.lines("S")).values()) == 1


async def test_what_retention_removed_is_passed_over_and_the_rest_is_done(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    await request(kafka, topic, ["0.0"] * 40)
    first = processes.start()
    await log.finished(40)
    await processes.stop(first)
    await request(kafka, topic, ["0.0"] * 40)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    # While nobody looked, everything so far lapsed: -1 is the end.
    await admin.delete_records(
        {TopicPartition(topic, number): RecordsToDelete(-1) for number in range(4)}
    )
    await admin.close()

    kept = await request(kafka, topic, ["0.0"] * 20)
    processes.start()
    await log.finished(60)

    assert kept <= set(log.lines("F"))


async def test_what_one_user_puts_on_a_topic_is_not_all_begun_before_anothers(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    many = await request(kafka, topic, ["0.2"] * 200, user_id=uuid4())
    few = await request(kafka, topic, ["0.0"] * 3, user_id=uuid4())
    processes.start(WINDOW="300", USER_HANDLERS="10")

    async def few_finished() -> bool:
        return few <= set(log.lines("F"))

    await until(few_finished)
    begun = log.lines("S")

    # As many of the other user's as may be worked on at once, and those that took their places.
    assert len(many & set(begun)) < 100
