import asyncio
import collections
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from deploy.local.stack import Stack
from shared.events import AudioReady
from shared.runtime.create_topics import Settings, create
from tests.support.kafka import everything_on, make_topics, request
from tests.support.processes import Log, Processes
from tests.support.waiting import until

pytestmark = [pytest.mark.connected, pytest.mark.timeout(60)]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Stack]:
    """A broker of the test's own: it will be killed."""
    with Stack(tmp_path, servers=("kafka",), services=(), forget=True) as stack:
        yield stack


def probe(port: int, name: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/{name}", timeout=8) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


async def answers(port: int, name: str, status: int) -> None:
    async def so() -> bool:
        return await asyncio.to_thread(probe, port, name) == status

    await until(so, seconds=60)


async def test_a_broker_that_dies_and_comes_back_costs_time_and_nothing_else(
    broker: Stack, tmp_path: Path
) -> None:
    kafka, topic = broker.endpoints.kafka, f"recorded-{uuid4().hex[:8]}"
    await create(Settings(kafka_bootstrap_servers=kafka))
    await make_topics(kafka, topic, f"{topic}.{topic}.dead")
    log = Log(tmp_path / "recorder.log")
    processes = Processes(kafka, topic, log)
    try:
        jobs = await request(kafka, topic, ["0.3"] * 300)
        worker = processes.start(WINDOW="30")
        await log.finished(60)

        await asyncio.to_thread(broker.kill, "kafka")
        await answers(processes.port(worker), "ready", 503)
        assert probe(processes.port(worker), "live") == 200
        await asyncio.to_thread(broker.start)
        await log.finished(300)

        await answers(processes.port(worker), "ready", 200)
        assert worker.poll() is None
        assert await all_spoken(kafka) == jobs
        again = [job for job, times in collections.Counter(log.lines("S")).items() if times > 1]
        # At most the window that was open, and what had not been committed yet.
        assert len(again) <= 60
    finally:
        processes.end()


async def test_told_to_stop_while_the_broker_is_away_it_ends_within_its_grace(
    broker: Stack, tmp_path: Path
) -> None:
    kafka, topic = broker.endpoints.kafka, f"recorded-{uuid4().hex[:8]}"
    await create(Settings(kafka_bootstrap_servers=kafka))
    await make_topics(kafka, topic, f"{topic}.{topic}.dead")
    log = Log(tmp_path / "recorder.log")
    processes = Processes(kafka, topic, log)
    try:
        await request(kafka, topic, ["0.2"] * 100)
        worker = processes.start(WINDOW="30", DRAIN_SECONDS="3")
        await log.finished(20)
        await asyncio.to_thread(broker.kill, "kafka")

        worker.terminate()

        # Its grace, and what closing connections to nobody takes.
        await asyncio.to_thread(worker.wait, 3 + 20)
    finally:
        processes.end()


async def all_spoken(kafka: str) -> set[UUID]:
    values = await everything_on(kafka, "audio.ready")
    return {AudioReady.model_validate_json(value).job_id for value in values}
