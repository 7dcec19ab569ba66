"""The database is lost: a backup, the log and the object store bring everything back."""

import asyncio
import os
import sys
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from cli.client import Client
from cli.errors import ApiError
from deploy.local.stack import Stack
from tests.support.gateway_process import running
from tests.support.titles import new_title
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

EMAIL, PASSWORD = f"{uuid4().hex}@example.com", uuid4().hex


@pytest.fixture
async def new_database(stack: Stack) -> AsyncIterator[str]:
    base, _, _ = stack.endpoints.database_url.rpartition("/")
    name = f"restored_{uuid4().hex}"
    admin = await asyncpg.connect(stack.endpoints.database_url)
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{base}/{name}"
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()


async def test_a_backup_and_the_log_bring_back_what_was_lost(
    stack: Stack, new_database: str, tmp_path: Path
) -> None:
    async with Client(stack.service_url("gateway")) as bolt:
        await bolt.register(EMAIL, PASSWORD)
        await bolt.sign_in(EMAIL, PASSWORD)
        done, gone = await asked(bolt), await asked(bolt)
        await bolt.delete_batch(gone)
        async for _ in bolt.watch(done):
            pass
        before = await shown(bolt, done, tmp_path / "before.zip")
    backup = str(tmp_path / "accounts.bolt")

    await command(stack, ["backup", backup])
    await command(stack, ["restore", backup], DATABASE_URL=new_database)
    await command(stack, ["rebuild"], DATABASE_URL=new_database)
    with running(environment(stack, DATABASE_URL=new_database, JWT_SECRET="s" * 40)) as (
        _,
        address,
    ):
        await until(lambda: ready(address), seconds=60)
        async with Client(address) as restored:
            await restored.sign_in(EMAIL, PASSWORD)
            after = await shown(restored, done, tmp_path / "after.zip")
            with pytest.raises(ApiError, match="you have no batch"):
                await restored.read_batch(gone)
            listed = [batch["batch_id"] async for batch in restored.batches()]

    assert after == before
    assert listed == [done]


async def asked(bolt: Client) -> str:
    draft = {"mode": "matrix", "titles": [new_title()], "languages": ["pt-BR"]}
    batch = await bolt.create_batch(draft | {"options": {"target_minutes": 0.2}})
    return str(batch["batch_id"])


async def shown(bolt: Client, batch_id: str, file: Path) -> dict[str, Any]:
    await bolt.download(batch_id, file)
    with zipfile.ZipFile(file) as archive:
        sounds = {name: archive.read(name) for name in archive.namelist() if "." in name}
    batch = await bolt.read_batch(batch_id)
    assert batch["state"] == "completed"
    return {
        "batch": {name: value for name, value in batch.items() if name != "seq"},
        "jobs": [job async for job in bolt.results(batch_id)],
        "files": {name: data for name, data in sounds.items() if name.endswith((".mp3", ".srt"))},
    }


async def command(stack: Stack, words: list[str], **changes: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", *words, env=environment(stack, **changes)
    )
    assert await process.wait() == 0, words


def environment(stack: Stack, **changes: str) -> dict[str, str]:
    return dict(os.environ) | stack.service_env() | changes  # noqa: TID251 - a child inherits it


async def ready(address: str) -> bool:
    async with httpx2.AsyncClient(base_url=address) as client:
        try:
            return (await client.get("/health/ready")).status_code == 200
        except httpx2.TransportError:
            return False
