import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import pairwise
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.stack import Stack
from shared.events import BatchesCompleted, BatchesProgress, Event, JobsRequested
from shared.vocabulary import Usage
from tests.support.builders import (
    BATCH,
    artefact_ref,
    audio_ready,
    batch_request,
    batch_submitted,
    script_adapted,
    script_generated,
)
from tests.support.kafka import everything_on
from tests.support.waiting import until

pytestmark = [pytest.mark.connected, pytest.mark.timeout(240)]

REQUEST = batch_request(titles=tuple(f"Title {n}" for n in range(150)))
SPENT = (Usage(provider="offline", calls=1),)


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    env = {"SESSION_TIMEOUT_SECONDS": "6", "RELEASE_WINDOW": "60"}
    folder = tmp_path_factory.mktemp("stack")
    servers = ("kafka", "postgres", "valkey")
    with Stack(folder, servers=servers, services=("aggregator",), env=env) as running:
        yield running


async def test_nothing_is_lost_or_counted_twice_whoever_is_killed(stack: Stack) -> None:
    kafka = stack.endpoints.kafka
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer, _stages(kafka, producer):
        await _send(producer, batch_submitted(request=REQUEST))
        await producer.send_and_wait("jobs.requested", b"not json")
        for share, victim in ((0.2, "aggregator"), (0.4, "postgres"), (0.7, "aggregator")):
            await _done(stack, round(share * REQUEST.total_jobs))
            await asyncio.to_thread(stack.kill, victim)
            await asyncio.sleep(1.0)
            await asyncio.to_thread(stack.start)
        await _done(stack, REQUEST.total_jobs)

        batch = await _batch(stack)
        await until(lambda: _announced(kafka, batch["endings"]))

    assert (batch["state"], batch["total"]) == ("completed", REQUEST.total_jobs)
    assert (batch["queued"], batch["waiting"], batch["in_flight"]) == (0, 0, 0)
    assert batch["provider_calls"] == 3 * REQUEST.total_jobs
    progress = [
        BatchesProgress.model_validate_json(value)
        for value in await everything_on(kafka, "batches.progress")
    ]
    assert all(earlier.seq < later.seq for earlier, later in pairwise(progress))
    assert progress[-1].counts.completed == REQUEST.total_jobs
    completed = await everything_on(kafka, "batches.completed")
    ids = {BatchesCompleted.model_validate_json(value).event_id for value in completed}
    assert len(ids) == 1
    assert set(await everything_on(kafka, "jobs.requested.aggregator.dead")) == {b"not json"}


@asynccontextmanager
async def _stages(kafka: str, producer: AIOKafkaProducer) -> AsyncIterator[None]:
    async def work() -> None:
        done: set[UUID] = set()
        consumer = AIOKafkaConsumer(
            "jobs.requested", bootstrap_servers=kafka, auto_offset_reset="earliest"
        )
        async with consumer:
            async for record in consumer:
                with suppress(ValueError):
                    event = JobsRequested.model_validate_json(record.value)
                    await _answer(producer, event, again=event.job_id in done)
                    done.add(event.job_id)

    task = asyncio.create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _answer(producer: AIOKafkaProducer, event: JobsRequested, *, again: bool) -> None:
    """Say what the stages would, out of order, and now and then twice."""
    ids: dict[str, Any] = {"job_id": event.job_id, "batch_id": event.batch_id}
    # What was made once costs nothing the second time.
    usage = () if again else SPENT
    events: list[Event] = [
        script_generated(script=artefact_ref(), usage=usage, **ids),
        script_adapted(script=artefact_ref(), usage=usage, **ids),
        audio_ready(usage=usage, **ids),
    ]
    random.shuffle(events)
    await asyncio.sleep(0.01)
    for each in [*events, events[0]]:
        await _send(producer, each)


async def _send(producer: AIOKafkaProducer, event: Event) -> None:
    body = event.model_dump_json(exclude_none=True).encode()
    await producer.send_and_wait(event.topic.name, body, key=event.key)


async def _done(stack: Stack, jobs: int) -> None:
    async def enough() -> bool:
        return bool((await _batch(stack))["completed"] >= jobs)

    await until(enough, seconds=120)


async def _batch(stack: Stack) -> Any:
    connection = await asyncpg.connect(stack.endpoints.database_url)
    try:
        row = await connection.fetchrow("SELECT * FROM batches WHERE batch_id = $1", BATCH)
        return row or {"completed": 0}
    finally:
        await connection.close()


async def _announced(kafka: str, endings: int) -> bool:
    found = await everything_on(kafka, "batches.completed")
    return len(found) >= endings > 0
