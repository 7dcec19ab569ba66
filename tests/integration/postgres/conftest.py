"""A database with nothing in it."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.service_environment import Endpoints


@pytest.fixture
async def new_url(servers: Endpoints) -> AsyncIterator[str]:
    """A database with nothing in it."""
    base, _, _ = servers.database_url.rpartition("/")
    name = f"test_{uuid4().hex}"
    admin = await asyncpg.connect(servers.database_url)
    await admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{base}/{name}"
    await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await admin.close()
