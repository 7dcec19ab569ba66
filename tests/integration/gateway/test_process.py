import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from shared.events import BatchesProgress, BatchesSubmitted
from shared.runtime import CommonSettings, Service
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway_process import Servers, gateway
from tests.support.kafka import everything_on

pytestmark = pytest.mark.connected

BODY = {"mode": "expand_languages", "title": "Bees", "languages": ["pt-BR", "en-US"]}


@pytest.fixture
def processes() -> dict[str, subprocess.Popen[bytes]]:
    return {}


@pytest.fixture
async def url(
    kafka: str,
    redis_url: str,
    database_url: str,
    tmp_path: Path,
    processes: dict[str, subprocess.Popen[bytes]],
) -> AsyncIterator[str]:
    servers = Servers(kafka, redis_url, database_url, tmp_path)
    async with gateway(servers) as (process, address):
        processes[address] = process
        yield address


@pytest.fixture
async def client(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
        account = {"email": f"{uuid4().hex}@example.com", "password": "correct horse"}
        await client.post("/v1/auth/register", json=account)
        form = {"username": account["email"], "password": account["password"]}
        answer = await client.post("/v1/auth/token", data=form)
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield client


@asynccontextmanager
async def watching(url: str, path: str, **headers: str) -> AsyncIterator[ClientConnection]:
    async with connect(url.replace("http", "ws") + path, additional_headers=headers) as live:
        yield live


async def received(live: ClientConnection) -> dict[str, Any]:
    async with asyncio.timeout(20):
        message: dict[str, Any] = json.loads(await live.recv())
        return message


async def close_code(live: ClientConnection) -> int | None:
    async with asyncio.timeout(20):
        try:
            while True:
                await live.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None


async def submitted(kafka: str) -> list[BatchesSubmitted]:
    values = await everything_on(kafka, "batches.submitted")
    return [BatchesSubmitted.model_validate_json(value) for value in values]


async def test_an_accepted_batch_is_on_the_topic_once(
    client: httpx2.AsyncClient, kafka: str
) -> None:
    headers = {"Idempotency-Key": uuid4().hex}

    answers = await asyncio.gather(
        *(client.post("/v1/batches", json=BODY, headers=headers) for _ in range(5))
    )

    assert {answer.status_code for answer in answers} == {202}
    (batch_id,) = {answer.json()["batch_id"] for answer in answers}
    mine = [event for event in await submitted(kafka) if str(event.batch_id) == batch_id]
    assert len({event.event_id for event in mine}) == 1
    listed = (await client.get("/v1/batches")).json()["items"]
    assert [item["batch_id"] for item in listed] == [batch_id]
    assert (await client.get(f"/v1/batches/{batch_id}/results")).json()["items"] == []
    assert (await client.get(f"/v1/batches/{batch_id}/download")).content[:2] == b"PK"


async def test_progress_reaches_a_browser(client: httpx2.AsyncClient, url: str, kafka: str) -> None:
    batch = (await client.post("/v1/batches", json=BODY)).json()
    ticket = (await client.post("/v1/tickets")).json()["ticket"]
    path = f"/v1/batches/{batch['batch_id']}/events?token={ticket}"
    aggregator = Service("aggregator", CommonSettings(kafka_bootstrap_servers=kafka))

    async with watching(url, path) as live, aggregator.connection():
        first = await received(live)
        for seq in (1, 2, 3):
            await aggregator.publish(progress(batch["batch_id"], seq))
        seen = [await received(live) for _ in range(3)]
        code = await close_code(live)

    assert (first["type"], first["batch"]["state"]) == ("snapshot", "queued")
    assert [(m["type"], m["seq"], m["state"]) for m in seen] == [
        ("progress", 1, "running"),
        ("progress", 2, "running"),
        ("progress", 3, "completed"),
    ]
    assert code == 1000
    async with watching(url, path) as again:
        assert await close_code(again) == 4401


def progress(batch_id: str, seq: int) -> BatchesProgress:
    return BatchesProgress(
        batch_id=UUID(batch_id),
        user_id=uuid4(),
        seq=seq,
        state=BatchState.COMPLETED if seq == 3 else BatchState.RUNNING,
        counts=BatchCounts(total=2, completed=2 if seq == 3 else 0),
    )


async def test_watchers_are_told_to_come_back_on_a_restart(
    client: httpx2.AsyncClient, url: str, processes: dict[str, subprocess.Popen[bytes]]
) -> None:
    batch = (await client.post("/v1/batches", json=BODY)).json()
    path = f"/v1/batches/{batch['batch_id']}/events"

    async with watching(url, path, Authorization=client.headers["Authorization"]) as live:
        await received(live)
        processes[url].send_signal(signal.SIGTERM)
        code = await close_code(live)

    assert code == 1012
    assert await asyncio.to_thread(processes[url].wait, 30) in (0, -signal.SIGTERM)


async def test_a_key_given_on_the_command_line_reaches_redis_sealed_and_leaves_it_when_disabled(
    client: httpx2.AsyncClient, url: str, redis_url: str, tmp_path: Path
) -> None:
    secret = "AIzaSy-very-secret"
    token = client.headers["Authorization"].removeprefix("Bearer ")
    env = dict(os.environ) | {  # noqa: TID251 - a child inherits it
        "BOLT_URL": url,
        "BOLT_TOKEN": token,
        "HOME": str(tmp_path),
    }

    def bolt(*words: str) -> str:
        command = [sys.executable, "-m", "cli", "keys", *words]
        done = subprocess.run(
            command, env=env, input=f"{secret}\n", capture_output=True, text=True, check=True
        )
        assert secret not in done.stdout + done.stderr
        return done.stdout

    key_id = (await asyncio.to_thread(bolt, "add", "gemini", "--project", "alpha")).strip()
    async with Redis.from_url(redis_url) as redis:
        sealed = await redis.hget("bolt:keys:gemini", key_id)
        listed = await asyncio.to_thread(bolt, "list")
        await asyncio.to_thread(bolt, "disable", key_id)
        left = await redis.hget("bolt:keys:gemini", key_id)

    assert sealed is not None
    assert secret.encode() not in sealed
    assert b"v1:k1:" in sealed
    assert key_id in listed
    assert left is None
