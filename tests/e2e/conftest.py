"""The whole system, started once for all end-to-end tests, in a folder of its own."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest

from cli.client import Client
from deploy.local.stack import Stack

# Keys in the caller's environment would send the tests to Google, and the bill to the caller.
OFFLINE = {"LLM": "offline", "GEMINI_API_KEYS": "", "GOOGLE_TTS_API_KEYS": "", "LOG_LEVEL": "INFO"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), env=OFFLINE, forget=True) as running:
        yield running


@pytest.fixture
async def bolt(stack: Stack) -> AsyncIterator[Client]:
    """A client signed in as a user nobody has seen before."""
    async with Client(stack.service_url("gateway")) as client:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await client.register(email, password)
        await client.sign_in(email, password)
        yield client


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[Client]:
    email, password = f"{uuid4().hex}@example.com", uuid4().hex
    async with Client(stack.service_url("gateway")) as client:
        await client.register(email, password)
        connection = await asyncpg.connect(stack.endpoints.database_url)
        await connection.execute("UPDATE users SET role = 'admin' WHERE email = $1", email)
        await connection.close()
        await client.sign_in(email, password)
        yield client
