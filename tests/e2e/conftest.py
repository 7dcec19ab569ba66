"""The whole system, started once for all end-to-end tests, in a folder of its own."""

from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import asyncpg
import pytest
from playwright.sync_api import Browser

from cli.client import Client
from deploy.local.stack import Stack
from services.gateway import site
from tests.support import third_parties
from tests.support.browser import chromium
from tests.support.third_parties import Providers

# Keys in the caller's environment would send the tests to Google, and the bill to the caller.
OFFLINE = {"LLM": "offline", "GEMINI_API_KEYS": "", "GOOGLE_TTS_API_KEYS": "", "LOG_LEVEL": "INFO"}
# A webhook's receiver is on this machine, too.
RECEIVING = {"WEBHOOK_ALLOW_HTTP": "true", "WEBHOOK_ALLOW_HOSTS": "127.0.0.1"}


# No longer than these tests: what runs on takes processor time from all the others.
@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack"), env=OFFLINE | RECEIVING, forget=True) as running:
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


@pytest.fixture(scope="package")
def providers() -> Iterator[Providers]:
    with third_parties.running() as emulated:
        yield emulated


@pytest.fixture(scope="package")
def slow(providers: Providers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The whole system again, with providers that take their time and fail on demand."""
    env = {
        "LLM": "gemini",
        "GEMINI_BASE_URL": providers.urls["gemini"],
        "GEMINI_API_KEYS": "alpha:one",
        "GOOGLE_TTS_ENDPOINT": providers.urls["tts"],
        "GOOGLE_TTS_API_KEYS": "alpha:two",
        "PARK_AFTER_SECONDS": "1",
    }
    with Stack(tmp_path_factory.mktemp("slow"), env=env, forget=True) as running:
        yield running


@pytest.fixture(scope="module")
def url(stack: Stack) -> str:
    """Where the web UI is."""
    assert (site.BUILT / "index.html").is_file(), "the web UI is not built: make web"
    return stack.service_url("gateway")


# No longer than a module: its event loop runs in this thread, and others have one, too.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running
