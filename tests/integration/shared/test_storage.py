from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aioboto3
import pytest

from deploy.local import s3 as s3_server
from deploy.local.service_environment import Endpoints
from shared.errors import InvalidRequestError
from shared.providers import names, storage
from shared.providers.storage import Storage

pytestmark = pytest.mark.connected


@pytest.fixture(params=names(storage))
async def store(
    request: pytest.FixtureRequest,
    servers: Endpoints,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Storage]:
    bucket = f"test-{uuid4().hex}"
    keys = {
        "aws_access_key_id": s3_server.ACCESS_KEY,
        "aws_secret_access_key": s3_server.SECRET_KEY,
    }
    for name, value in {
        "STORAGE_LOCAL_ROOT": str(tmp_path),
        "S3_ENDPOINT_URL": servers.s3,
        "S3_BUCKET": bucket,
        "S3_ACCESS_KEY_ID": s3_server.ACCESS_KEY,
        "S3_SECRET_ACCESS_KEY": s3_server.SECRET_KEY,
    }.items():
        monkeypatch.setenv(name, value)
    if request.param == "s3":
        session = aioboto3.Session(**keys, region_name=s3_server.REGION)
        async with session.client("s3", endpoint_url=servers.s3) as client:
            await client.create_bucket(Bucket=bucket)
    async with storage.create(request.param) as opened:
        yield opened


async def test_returns_what_was_put(store: Storage) -> None:
    stored = await store.put("audio/ab/abc", "ação".encode(), media_type="audio/mpeg")

    assert await store.get("audio/ab/abc") == "ação".encode()
    assert await store.head("audio/ab/abc") == stored
    assert (stored.bytes, stored.media_type) == (6, "audio/mpeg")


async def test_putting_again_changes_nothing(store: Storage) -> None:
    first = await store.put("k", b"same", media_type="text/plain")

    assert await store.put("k", b"same", media_type="text/plain") == first


async def test_knows_what_is_not_there(store: Storage) -> None:
    assert await store.head("nothing/here") is None
    with pytest.raises(InvalidRequestError, match="nothing/here"):
        await store.get("nothing/here")
    with pytest.raises(InvalidRequestError, match="nothing/here"):
        _ = [chunk async for chunk in store.stream("nothing/here")]


@pytest.mark.parametrize(("start", "end"), [(0, None), (3, None), (0, 4), (2, 5), (9, 10)])
async def test_streams_a_part(store: Storage, start: int, end: int | None) -> None:
    await store.put("part", b"0123456789", media_type="text/plain")

    chunks = [chunk async for chunk in store.stream("part", start=start, end=end)]

    assert b"".join(chunks) == b"0123456789"[start:end]


async def test_large_objects_come_in_chunks(store: Storage) -> None:
    data = bytes(range(256)) * 8_192
    await store.put("large", data, media_type="application/octet-stream")

    chunks = [chunk async for chunk in store.stream("large")]

    assert b"".join(chunks) == data
    assert max(map(len, chunks)) <= 1_048_576


async def test_deletes(store: Storage) -> None:
    await store.put("gone", b"x", media_type="text/plain")

    await store.delete("gone")
    await store.delete("gone")

    assert await store.head("gone") is None


async def test_a_key_cannot_leave_the_store(store: Storage, tmp_path: Path) -> None:
    (tmp_path.parent / "secret").write_bytes(b"secret")

    with pytest.raises(InvalidRequestError):
        await store.get("../secret")


async def test_lists_what_lies_under_a_prefix_and_nothing_else(store: Storage) -> None:
    await store.put("speech/ab/abc", b"123", media_type="audio/flac")
    await store.put("speech/cd/cde", b"1", media_type="audio/flac")
    await store.put("audio/ab/abc", b"1", media_type="audio/mpeg")

    found = [listed async for listed in store.listing("speech/")]

    assert sorted((each.key, each.bytes) for each in found) == [
        ("speech/ab/abc", 3),
        ("speech/cd/cde", 1),
    ]
    assert all(each.changed_at > 1_700_000_000 for each in found)
