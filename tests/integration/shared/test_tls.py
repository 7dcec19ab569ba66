"""PostgreSQL, Redis and S3 by TLS, as their addresses say it."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import aioboto3
import asyncpg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from deploy.local import s3
from deploy.local.service_environment import Endpoints
from deploy.local.stack import Stack
from shared.errors import UnavailableError
from shared.postgres import open_pool
from shared.providers import storage
from tests.support import certificates
from tests.support.tls import behind_tls

pytestmark = pytest.mark.connected


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    return certificates.write(tmp_path / "tls")[0]


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    return certificates.write(tmp_path / "another")[0]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    """A server of the test's own: its certificate is put in while it runs."""
    with Stack(tmp_path / "stack", servers=("postgres",), services=(), forget=True) as stack:
        yield stack.endpoints.database_url


async def test_postgresql_is_who_its_certificate_says(
    database: str, authority: Path, stranger: Path
) -> None:
    await _certify(database, (authority.parent / "server.pem").read_bytes())

    async with open_pool(f"{database}?sslmode=verify-full&sslrootcert={authority}") as pool:
        secured = await pool.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    with pytest.raises((UnavailableError, OSError)):
        async with open_pool(f"{database}?sslmode=verify-full&sslrootcert={stranger}") as pool:
            await pool.fetchval("SELECT 1")

    assert secured is True


async def _certify(database: str, pem: bytes) -> None:
    connection = await asyncpg.connect(database)
    try:
        file = _place(Path(await connection.fetchval("SHOW data_directory")), pem)
        for name, value in (("ssl_cert_file", file), ("ssl_key_file", file), ("ssl", "on")):
            await connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        await connection.execute("SELECT pg_reload_conf()")
    finally:
        await connection.close()


def _place(folder: Path, pem: bytes) -> Path:
    """Put the key where the server reads it; it takes none that others may read."""
    file, owner = folder / "server.pem", folder.stat()
    file.write_bytes(pem)
    file.chmod(0o600)
    os.chown(file, owner.st_uid, owner.st_gid)
    return file


async def test_redis_is_who_its_certificate_says(
    redis_url: str, authority: Path, stranger: Path
) -> None:
    inner = redis_url.removeprefix("redis://").removesuffix("/0")
    async with behind_tls(inner, authority.parent / "server.pem") as address:
        known = Redis.from_url(f"rediss://{address}/0?ssl_ca_certs={authority}")
        unknown = Redis.from_url(f"rediss://{address}/0?ssl_ca_certs={stranger}")
        async with known, unknown:
            assert await known.ping()
            with pytest.raises(RedisError):
                await unknown.ping()


async def test_an_object_store_is_who_its_certificate_says(
    servers: Endpoints, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = f"tls-{uuid4().hex[:12]}"
    session = aioboto3.Session(s3.ACCESS_KEY, s3.SECRET_KEY, region_name=s3.REGION)
    async with session.client("s3", endpoint_url=servers.s3) as client:
        await client.create_bucket(Bucket=bucket)
    inner = servers.s3.removeprefix("http://")
    async with behind_tls(inner, authority.parent / "server.pem") as address:
        given = {
            "S3_ENDPOINT_URL": f"https://{address}",
            "S3_BUCKET": bucket,
            "S3_REGION": s3.REGION,
            "S3_ACCESS_KEY_ID": s3.ACCESS_KEY,
            "S3_SECRET_ACCESS_KEY": s3.SECRET_KEY,
            "AWS_CA_BUNDLE": str(authority),
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)

        async with storage.create("s3") as store:
            await store.put("a/b", b"sealed", media_type="text/plain")
            kept = await store.get("a/b")
        monkeypatch.delenv("AWS_CA_BUNDLE")
        async with storage.create("s3") as store:
            with pytest.raises(UnavailableError):
                await store.get("a/b")

    assert kept == b"sealed"
