import hashlib
import importlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from confluent_kafka import Producer

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.titles import new_title
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

TEXT = b"Bees dance. The others watch, and fly where the dance says."


@pytest.fixture
async def connection(stack: Stack) -> AsyncIterator[asyncpg.Connection]:
    opened = await asyncpg.connect(stack.endpoints.database_url)
    yield opened
    await opened.close()


async def first(items: Any) -> dict[str, Any] | None:
    return await anext(aiter(items), None)


def seen_by(connection: asyncpg.Connection, job_id: str) -> Callable[[], Any]:
    async def row() -> Any:
        return await connection.fetchrow("SELECT state, run FROM jobs WHERE job_id = $1", job_id)

    return row


async def test_what_failed_is_found_put_right_and_sent_again(
    stack: Stack, admin: Client, connection: asyncpg.Connection
) -> None:
    # A finished text whose object is missing: somebody restored the store from yesterday.
    sha256 = hashlib.sha256(TEXT + (title := new_title()).encode()).hexdigest()
    text, job_id = TEXT + title.encode(), str(uuid4())
    key = f"adapted/{sha256[:2]}/{sha256}"
    event = {
        "job_id": job_id,
        "title": title,
        "language": "en-US",
        "script": {"key": key, "sha256": sha256, "bytes": len(text), "media_type": "text/plain"},
    }
    producer = Producer({"bootstrap.servers": stack.endpoints.kafka})
    producer.produce("script.adapted", json.dumps(event).encode(), key=job_id.encode())
    assert producer.flush(10) == 0

    letter = await until(lambda: first(admin.dead_letters(job_id=job_id)), seconds=60)
    detail = await admin.dead_letter(letter["letter_id"])
    assert (letter["service"], letter["run"]) == ("narrator", 1)
    assert key in letter["reason"]
    assert json.loads(detail["value"])["job_id"] == job_id

    root = Path(stack.service_env()["STORAGE_LOCAL_ROOT"])
    store = importlib.import_module("shared.providers.storage.local").LocalStorage(root)
    await store.put(key, text, media_type="text/plain")
    job = seen_by(connection, job_id)

    async def failed() -> Any:
        return (await job())["state"] == "failed"

    async def completed() -> Any:
        row = await job()
        return row if row["state"] == "completed" else None

    await until(failed)
    order = {"job_id": job_id, "service": "narrator"}
    sent = [await admin.redrive(order) for _ in range(2)]

    assert sent[0] == {"redriven": 1, "already": 0, "moved_on": 0}
    assert sent[1]["redriven"] == 0
    assert (await until(completed, seconds=60))["run"] == 2
