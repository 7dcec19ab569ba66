import asyncio
import collections
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaProducer

from shared.events import AudioReady, JobsFailed
from shared.runtime.create_topics import Settings, create
from tests.support.builders import script_adapted
from tests.support.kafka import everything_on, make_topics, request
from tests.support.processes import Log, Processes
from tests.support.waiting import until

pytestmark = pytest.mark.connected


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
def processes(kafka: str, topic: str, log: Log) -> Iterator[Processes]:
    started = Processes(kafka, topic, log)
    yield started
    started.end()


async def all_spoken(kafka: str, jobs: set[UUID]) -> None:
    async def published() -> bool:
        values = await everything_on(kafka, "audio.ready")
        return jobs <= {AudioReady.model_validate_json(value).job_id for value in values}

    await until(published, seconds=20)


async def test_nothing_is_lost_under_kill_9(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    chance = random.Random(1)  # noqa: S311 - the same durations in every run
    jobs = await request(kafka, topic, [f"{chance.uniform(0.05, 0.6):.2f}" for _ in range(300)])
    first = processes.start(WINDOW="60")
    await log.finished(100)

    first.kill()
    finished, started = set(log.lines("F")), set(log.lines("S"))
    processes.start(WINDOW="60")
    await log.finished(300)

    await all_spoken(kafka, jobs)
    again = collections.Counter(log.lines("S"))
    repeated_after_finishing = [job for job in finished if again[job] > 1]
    # What was in flight is done again; of what was finished, at most what the last commit
    # had not covered: one window.
    assert len(repeated_after_finishing) <= 60 + 60
    assert started <= jobs


async def test_a_replica_that_is_told_to_stop_finishes_what_it_has(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    jobs = await request(kafka, topic, ["0.5"] * 200)
    first = processes.start(WINDOW="50")
    await log.finished(40)

    await processes.stop(first)
    assert set(log.lines("S")) == set(log.lines("F"))
    processes.start(WINDOW="50")
    await log.finished(200)

    await asyncio.sleep(1.0)
    assert max(collections.Counter(log.lines("S")).values()) == 1
    assert set(log.lines("F")) == jobs


async def test_two_replicas_share_the_work_and_one_may_leave(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    jobs = await request(kafka, topic, ["0.2"] * 400)
    first, _ = processes.start(WINDOW="40"), processes.start(WINDOW="40")
    await log.finished(120)

    await processes.stop(first)
    await log.finished(400)

    await all_spoken(kafka, jobs)


async def test_what_cannot_be_processed_is_put_aside_and_stops_nothing(
    kafka: str, topic: str, log: Log, processes: Processes
) -> None:
    good = script_adapted(job_id=uuid4(), title="0.0")
    body = good.model_dump_json().encode()
    odd: list[tuple[bytes | None, list[tuple[str, bytes | None]]]] = [
        (b"\xff\xfe not json", []),
        (None, []),
        (b"[]", [("content-type", b"application/json")]),
        (b"{broken", [("content-type", b"application/json")]),
        (b'{"title":""}', []),
        (b"x" * 1_000_000, []),
    ]
    async with AIOKafkaProducer(bootstrap_servers=kafka, max_request_size=2_000_000) as producer:
        for value, headers in odd:
            await producer.send_and_wait(topic, value, key=b"k", headers=headers, partition=0)
        # Headers that are not UTF-8, and a compression our own producers do not use.
        await producer.send_and_wait(
            topic, body, headers=[("x", b"\xff"), ("y", None)], partition=0
        )
        poison = script_adapted(job_id=uuid4(), title="poison")
        await producer.send_and_wait(topic, poison.model_dump_json().encode(), partition=0)
    processes.start()
    await log.finished(1)

    async def all_put_aside() -> bool:
        return len(await everything_on(kafka, f"{topic}.{topic}.dead")) == len(odd) + 1

    await until(all_put_aside)
    failed = [JobsFailed.model_validate_json(v) for v in await everything_on(kafka, "jobs.failed")]
    assert [event.reason for event in failed if event.job_id == poison.job_id] == ["poison"]
    assert log.lines("F") == [good.job_id]
