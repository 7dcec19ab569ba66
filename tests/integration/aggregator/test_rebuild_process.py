"""The command itself, from a real log, killed in the middle and run again."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer

from services.aggregator.store import Database
from shared.expansion import expand
from shared.runtime import create_topics
from tests.support.builders import batch_request, batch_submitted
from tests.support.lives import life_of
from tests.support.waiting import until

pytestmark = [pytest.mark.connected, pytest.mark.timeout(180)]

REQUEST = batch_request(titles=tuple(f"Title {n}" for n in range(400)))


async def test_killed_in_the_middle_it_changes_nothing_and_does_all_the_next_time(
    kafka: str, database_url: str, redis_url: str, tmp_path: Path
) -> None:
    await create_topics.create(create_topics.Settings(kafka_bootstrap_servers=kafka))
    batch_id = uuid4()
    await _publish(kafka, batch_id)
    env = {
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "STORAGE_LOCAL_ROOT": str(tmp_path),
    }

    async with _busy_fold(database_url):
        first = await _start(env)
        await until(
            lambda: _value(
                database_url,
                "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)",
            )
        )
        first.kill()
        await first.communicate()
    left = await _states(database_url, batch_id)
    second = await _start(env)
    _, said = await second.communicate()
    third = await _start(env, "--check")
    _, compared = await third.communicate()

    assert left == {}
    assert (second.returncode, third.returncode) == (0, 0), said.decode() + compared.decode()
    assert b"a second" in said
    assert await _states(database_url, batch_id) == {"completed": 800}
    assert await _value(database_url, "SELECT to_regnamespace('rebuild') IS NULL")


async def _publish(kafka: str, batch_id: UUID) -> None:
    submitted = batch_submitted(batch_id=batch_id, request=REQUEST)
    jobs = expand(batch_id, REQUEST)
    async with AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=20) as producer:
        for event in [submitted, *(e for job in jobs for e in life_of(job.job_id, batch_id))]:
            body = event.model_dump_json(exclude_none=True).encode()
            await producer.send(event.topic.name, body, key=event.key)
        await producer.flush()


async def _start(env: Mapping[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.aggregator.rebuild", *arguments),
        env={**os.environ, **env},  # noqa: TID251 - a child inherits it
        stderr=asyncio.subprocess.PIPE,
    )


@asynccontextmanager
async def _busy_fold(database_url: str) -> AsyncIterator[None]:
    """Keep the switch waiting, as a fold does that is in the middle of a transaction."""
    async with Database(database_url) as live, live.transaction():
        yield


async def _states(database_url: str, batch_id: UUID) -> dict[str, int]:
    connection = await asyncpg.connect(database_url)
    try:
        sql = "SELECT state, count(*) AS jobs FROM jobs WHERE batch_id = $1 GROUP BY state"
        return {row["state"]: row["jobs"] for row in await connection.fetch(sql, batch_id)}
    finally:
        await connection.close()


async def _value(database_url: str, sql: str) -> object:
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()
