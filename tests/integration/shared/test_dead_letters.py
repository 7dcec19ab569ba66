import asyncio
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.events import JobsFailed
from shared.runtime.create_topics import Settings, create
from tests.support.kafka import everything_on, make_topics, request
from tests.support.processes import Log, Processes
from tests.support.waiting import until

pytestmark = pytest.mark.connected

FAST = {"KAFKA_GROUP_INSTANCE_ID": "one", "WINDOW": "8"}


@pytest.fixture
async def topic(kafka: str) -> str:
    await create(Settings(kafka_bootstrap_servers=kafka))
    name = f"recorded-{uuid4().hex[:8]}"
    await make_topics(kafka, name, f"{name}.{name}.dead")
    return name


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "recorder.log")


@pytest.fixture
def processes(kafka: str, redis_url: str, topic: str, log: Log) -> Iterator[Processes]:
    started = Processes(kafka, topic, log, REDIS_URL=redis_url)
    yield started
    started.end()


def ready(port: int) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=8) as answer:
            return int(answer.status), ""
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


async def committed(kafka: str, group: str) -> int:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=kafka, group_id=group, enable_auto_commit=False, client_id="looks"
    )
    await consumer.start()
    try:
        offsets = [await consumer.committed(TopicPartition(group, n)) for n in range(4)]
        return sum(offset or 0 for offset in offsets)
    finally:
        await consumer.stop()


async def test_a_record_that_kills_the_process_is_put_aside_and_the_others_finish(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    [killer] = await request(kafka, topic, ["crash"])
    others = await request(kafka, topic, ["0.1"] * 20)

    for _ in range(3):
        await asyncio.to_thread(processes.start(**FAST).wait, 30)
    processes.start(**FAST)

    await log.finished(20)

    async def put_aside() -> list[bytes]:
        return await everything_on(kafka, f"{topic}.{topic}.dead")

    assert len(await until(put_aside)) == 1
    assert set(log.lines("F")) == others
    assert log.lines("S").count(killer) == 3
    failed = [JobsFailed.model_validate_json(v) for v in await everything_on(kafka, "jobs.failed")]
    assert [event.code for event in failed if event.job_id == killer] == ["crashed"]


async def test_a_stage_in_which_everything_fails_stops_and_keeps_the_rest(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    await request(kafka, topic, ["poison"] * 60)
    worker = processes.start(DEAD_LETTER_LIMIT="10", DEAD_LETTER_SAMPLE="12")

    async def stopped() -> str | None:
        status, reason = await asyncio.to_thread(ready, processes.port(worker))
        return reason if status == 503 and "last" in reason else None

    reason = await until(stopped)
    assert "of the last" in reason
    assert "poison" in reason
    assert len(await everything_on(kafka, f"{topic}.{topic}.dead")) == 9

    # It ends at once when it is told to, and a repaired one takes what was kept.
    await processes.stop(worker)
    processes.start(RECORDER_POISON="no")
    await log.finished(51)


async def test_without_a_place_for_dead_letters_nothing_is_passed_over(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    dead = f"{topic}.{topic}.dead"
    await request(kafka, topic, ["0.0"] * 8)
    processes.start()
    await log.finished(8)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    await admin.delete_topics([dead])
    await admin.close()

    await request(kafka, topic, ["poison"])
    await request(kafka, topic, ["0.0"] * 40)
    await log.finished(48)
    # One record of 49 holds its own offset, and so those behind it.
    assert await committed(kafka, topic) < 49

    await make_topics(kafka, dead)

    async def arrived() -> bool:
        return bool(await everything_on(kafka, dead)) and await committed(kafka, topic) == 49

    await until(arrived, seconds=60)
