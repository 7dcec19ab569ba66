"""The whole system, started once for all end-to-end tests, in a folder of its own."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from playwright.sync_api import Browser
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

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


# Files of one system are one worker's: each that runs takes processor time to start, and goes on
# to take it while it waits. Whoever is missing here is a file by itself, and starts its own.
SYSTEMS = {
    **dict.fromkeys(("backup", "dead_letters", "demo", "guides", "kafka_entry", "kill"), "stack"),
    **dict.fromkeys(("review_and_sheets", "voices", "web", "web_around", "web_making"), "stack"),
    **dict.fromkeys(("web_many", "web_review", "web_sleep"), "stack"),
    **dict.fromkeys(("control", "web_control"), "slow"),
}


class BySystem(LoadFileScheduling):  # type: ignore[misc]  # it has no types
    """A file is one worker's, and so are all files that share a system."""

    def _split_scope(self, nodeid: str) -> str:
        file = Path(nodeid.partition("::")[0])
        system = SYSTEMS.get(file.stem.removeprefix("test_"))
        return system if system and file.parent.name == "e2e" else str(file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> BySystem | None:
    """Hand the tests out by system, where they are handed out by file."""
    return BySystem(config, log) if config.getvalue("dist") == "loadfile" else None


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
