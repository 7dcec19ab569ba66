import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import aioboto3
import asyncpg
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local import processes, s3
from deploy.local.environment import Environment
from deploy.local.launcher import StartError
from deploy.local.paths import ROOT
from deploy.local.stack import Stack
from deploy.local.state import State
from deploy.local.supervision import Supervision

pytestmark = pytest.mark.connected
FAKE = "tests.integration.deploy.fake_service:build"


def plain_environment() -> Environment:
    return Environment({name: os.environ[name] for name in ("PATH", "HOME")})  # noqa: TID251 - handed on to a child


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(
        tmp_path_factory.mktemp("stack"),
        servers=("kafka", "postgres", "valkey", "s3"),
        services=("gateway", "narrator", "narrator-2"),
        application=FAKE,
        preparations=(),
        environment=plain_environment(),
        forget=True,
    ) as stack:
        yield stack
        identities = [record.identity for record in stack.state.records().values()]
        folders = [stack.state.directory, *stack.state.externals()]
    assert len(identities) == 7
    assert not any(processes.alive(each) for each in identities)
    assert not any(folder.exists() for folder in folders)


async def test_kafka_keeps_what_it_is_given(stack: Stack) -> None:
    address = {"bootstrap_servers": stack.endpoints.kafka}
    admin = AIOKafkaAdminClient(**address)
    await admin.start()
    await admin.create_topics([NewTopic("greetings", 3, 1)])
    await admin.close()
    async with AIOKafkaProducer(**address, enable_idempotence=True) as producer:
        await producer.send_and_wait("greetings", b"hello", key=b"one")
    consumer = AIOKafkaConsumer(
        "greetings", **address, group_id="listeners", auto_offset_reset="earliest"
    )
    async with consumer:
        record = await asyncio.wait_for(consumer.getone(), 20)
    assert record.value == b"hello"


async def test_postgres_answers(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.endpoints.database_url)
    assert await connection.fetchval("select current_database()") == "bolt"
    assert await connection.fetchval("select lower('ÇÃÉ')") == "çãé"
    await connection.close()


def test_valkey_answers(stack: Stack) -> None:
    url = urlsplit(stack.endpoints.redis_url)
    with socket.create_connection((url.hostname or "", url.port or 0), timeout=5) as connection:
        connection.sendall(b"PING\r\n")
        assert connection.recv(16) == b"+PONG\r\n"


async def test_the_s3_server_keeps_objects(stack: Stack) -> None:
    session = aioboto3.Session(s3.ACCESS_KEY, s3.SECRET_KEY, region_name=s3.REGION)
    async with session.client("s3", endpoint_url=stack.endpoints.s3) as client:
        await client.create_bucket(Bucket="artefacts")
        await client.put_object(Bucket="artefacts", Key="a/b", Body=b"audio")
        found = await client.get_object(Bucket="artefacts", Key="a/b", Range="bytes=1-2")
        assert await found["Body"].read() == b"ud"


def test_services_find_the_servers(stack: Stack) -> None:
    env = environment_of(stack, "narrator-2")
    assert env["KAFKA_BOOTSTRAP_SERVERS"] == stack.endpoints.kafka
    assert env["DATABASE_URL"] == stack.endpoints.database_url
    assert "JWT_SECRET" not in env
    assert len(environment_of(stack, "gateway")["JWT_SECRET"]) >= 32


def test_a_killed_service_can_be_started_again(stack: Stack) -> None:
    before = stack.pids()["narrator"]
    stack.kill("narrator")
    assert "narrator" not in stack.pids()
    stack.start_service("narrator", env={"PACE": "slow"})
    assert stack.pids()["narrator"] != before
    assert environment_of(stack, "narrator")["PACE"] == "slow"


def test_a_supervised_service_that_dies_comes_back(stack: Stack) -> None:
    said: list[str] = []
    with Supervision(stack, lambda part, news: said.append(f"{part} {news}")):
        before = stack.pids()["narrator"]
        stack.kill("narrator")
        deadline = time.monotonic() + 30
        while stack.pids().get("narrator", before) == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    assert said[0] == "narrator has died, and is started again"


def test_what_runs_stays_when_started_again(stack: Stack) -> None:
    before = stack.pids()
    stack.start()
    assert stack.pids() == before


def test_a_service_that_fails_takes_the_start_down_and_says_why(tmp_path: Path) -> None:
    stack = Stack(
        tmp_path,
        servers=("valkey",),
        services=("gateway",),
        env={"FAIL": "1"},
        application=FAKE,
        preparations=(),
        environment=plain_environment(),
    )
    with pytest.raises(StartError, match="told to fail"):
        stack.start()
    assert stack.state.records() == {}


def test_a_provided_server_is_used_and_left_alone(tmp_path: Path, stack: Stack) -> None:
    given = {**plain_environment().variables, "DATABASE_URL": stack.endpoints.database_url}
    second = Stack(
        tmp_path, servers=("postgres", "valkey"), services=(), environment=Environment(given)
    )
    with second:
        assert second.pids().keys() == {"valkey"}
        assert second.endpoints.database_url == stack.endpoints.database_url
    assert "postgres" in stack.pids()


def test_the_command_in_the_foreground_leaves_nothing_behind(tmp_path: Path) -> None:
    env = {**plain_environment().variables, "BOLT_STATE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "deploy.local", "run", "--servers-only"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = []
        for line in running.stdout:
            said.append(line)
            if line.startswith("Running"):
                break
        records = State(tmp_path).records()
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 130, said
    assert records.keys() == {"kafka", "postgres", "valkey"}
    assert not any(record.running for record in records.values())
    Stack(tmp_path).stop(forget=True)


def environment_of(stack: Stack, service: str) -> dict[str, str]:
    with urllib.request.urlopen(stack.service_url(service), timeout=10) as answer:  # noqa: S310 - ours
        found: dict[str, str] = json.load(answer)
    return found
