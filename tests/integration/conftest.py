"""Real servers, started once for all integration tests, on free ports, in a folder of their own."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.service_environment import Endpoints
from deploy.local.stack import Stack

MIGRATED = "migrated"


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoints]:
    state = tmp_path_factory.mktemp("servers")
    names = ("kafka", "postgres", "valkey", "s3")
    with Stack(state, servers=names, services=(), forget=True) as stack:
        yield stack.endpoints


@pytest.fixture
async def kafka(servers: Endpoints) -> str:
    return servers.kafka


@pytest.fixture
async def redis_url(servers: Endpoints) -> str:
    return servers.redis_url


@pytest.fixture(scope="session")
def migrated(servers: Endpoints) -> str:
    """The name of a database that is migrated, and that nobody is connected to."""
    asyncio.run(_migrate(servers.database_url))
    return MIGRATED


async def _migrate(database_url: str) -> None:
    from shared.postgres.migrate import migrate

    base, _, _ = database_url.rpartition("/")
    admin = await asyncpg.connect(database_url)
    await admin.execute(f"CREATE DATABASE {MIGRATED}")
    await admin.close()
    await migrate(f"{base}/{MIGRATED}")


@pytest.fixture
async def database_url(servers: Endpoints, migrated: str) -> AsyncIterator[str]:
    """A migrated database of the test's own."""
    base, _, _ = servers.database_url.rpartition("/")
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(servers.database_url)
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE {migrated}')
    try:
        yield f"{base}/{name}"
    finally:
        async with asyncio.timeout(20):
            await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
            await admin.close()
