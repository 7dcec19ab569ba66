import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import aioboto3
import pytest

from cli.client import Client
from deploy.local import s3
from deploy.local.stack import Stack
from tests.e2e.conftest import OFFLINE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

BUCKET = "bolt-e2e"


@pytest.fixture
def on_s3(tmp_path: Path) -> Iterator[Stack]:
    env = {**OFFLINE, "STORAGE": "s3", "S3_BUCKET": BUCKET}
    servers = ("kafka", "postgres", "valkey", "s3")
    with Stack(tmp_path, servers=servers, env=env, forget=True) as running:
        yield running


async def test_the_pipeline_runs_on_an_object_store(on_s3: Stack, tmp_path: Path) -> None:
    session = aioboto3.Session(s3.ACCESS_KEY, s3.SECRET_KEY, region_name=s3.REGION)
    async with session.client("s3", endpoint_url=on_s3.endpoints.s3) as client:
        await client.create_bucket(Bucket=BUCKET)
    async with Client(on_s3.service_url("gateway")) as bolt:
        await bolt.register(email := f"{uuid4().hex}@example.com", password := uuid4().hex)
        await bolt.sign_in(email, password)

        accepted = await bolt.create_batch(
            {"mode": "expand_languages", "title": "O rio", "languages": ["pt-BR", "en-US"]}
        )
        last = [message async for message in bolt.watch(accepted["batch_id"])][-1]
        await bolt.download(accepted["batch_id"], tmp_path / "batch.zip")

    assert last.get("batch", last)["counts"]["completed"] == 2
    with zipfile.ZipFile(io.BytesIO((tmp_path / "batch.zip").read_bytes())) as contents:
        assert contents.testzip() is None
        assert sum(name.endswith(".mp3") for name in contents.namelist()) == 2
