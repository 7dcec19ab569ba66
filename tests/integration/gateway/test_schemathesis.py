"""Every operation of the OpenAPI document, with made-up requests, as whoever may ask."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import httpx2
import pytest

from services.gateway.store.accounts import AccountChange, AccountStore, Actor
from services.gateway.store.database import Database
from shared.postgres import open_pool
from tests.support.gateway_process import Servers, gateway

pytestmark = [pytest.mark.connected, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[3]
SECONDS = 10
# What no schema can say: a request that it allows may be refused for this, and for nothing else.
BY_MEANING = {
    "create_batch": "which fields leave no room for which others",
    "estimate_batch": "the same",
    "seed_create_batch": "the same",
    "create_narration": "a voice speaks one language",
    "import_batch": "the bytes of a sheet",
    "estimate_import": "the bytes of a sheet",
    "return_batch": "the bytes of a sheet",
    "change_password": "the password that is yours now",
    "update_preferences": "an agent that is yours",
    "redrive_dead_letters": "ids, a filter, or all of them",
}
CONFIG = """
warnings = false

# What is there, and what was changed meanwhile, is no matter of schemas either.
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "503", "504"]

[output.sanitization]
enabled = true

# It asks a provider, and there is none here; the same makes it refuse.
[[operations]]
include-operation-id = "refresh_voices"
[operations.checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502", "503"]
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "4xx", "502", "503"]

# It waits for speech, and nothing speaks here; and a voice speaks one language.
[[operations]]
include-operation-id = "create_speech"
[operations.checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503", "504"]
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "4xx", "503", "504"]
"""
OPERATION = """
[[operations]]
include-operation-id = "{name}"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "4xx", "503", "504"]
"""
# They end the session that the others ask with, or the process that they ask.
LEAVING = ("logout", "delete_one_session", "restart_processors")


class Asked(NamedTuple):
    code: int
    said: str


@pytest.fixture
async def url(kafka: str, redis_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[str]:
    servers = Servers(kafka, redis_url, database_url, tmp_path)
    # Who asks for a preview of a voice that nothing speaks here does not wait for it.
    async with gateway(servers, RATE_LIMITS="", PREVIEW_SECONDS="0.2", NARRATION_SECONDS="0.2") as (
        _,
        address,
    ):
        yield address


async def token(url: str, database_url: str, *, role: str) -> str:
    email = f"{uuid4().hex}@example.com"
    async with httpx2.AsyncClient(base_url=url, timeout=30) as client:
        account = {"email": email, "password": "correct horse"}
        user = (await client.post("/v1/auth/register", json=account)).json()
        async with open_pool(database_url) as pool:
            change = AccountChange(role=role)
            await AccountStore(Database(pool)).change(user["user_id"], change, Actor())
        form = {"username": email, "password": "correct horse"}
        return str((await client.post("/v1/auth/token", data=form)).json()["access_token"])


def ask(url: str, folder: Path, *words: str) -> Asked:
    config = folder / "schemathesis.toml"
    operations = "".join(OPERATION.format(name=name) for name in BY_MEANING)
    config.write_text(CONFIG + operations)
    command = [str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run"]
    command += [f"{url}/openapi.json", "--checks", "all", "--phases", "examples,fuzzing"]
    command += ["--max-examples", "3", "--max-time", str(SECONDS), "--seed", "1", "--no-color"]
    command += ["--request-timeout", "20", "--workers", "1", "--suppress-health-check", "all"]
    env = dict(os.environ) | {  # noqa: TID251 - a child inherits it
        "SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [*command, *words], env=env, cwd=folder, capture_output=True, text=True, check=False
    )
    return Asked(done.returncode, done.stdout[-20_000:] + done.stderr[-2_000:])


async def test_nothing_that_is_asked_breaks_what_the_document_says(
    url: str, database_url: str, tmp_path: Path
) -> None:
    stay = [word for name in LEAVING for word in ("--exclude-operation-id", name)]
    runs = {"nobody": await asyncio.to_thread(ask, url, tmp_path)}

    for role in ("user", "admin"):
        header = f"Authorization: Bearer {await token(url, database_url, role=role)}"
        runs[role] = await asyncio.to_thread(ask, url, tmp_path, "-H", header, *stay)

    assert {who: asked.code for who, asked in runs.items()} == dict.fromkeys(runs, 0), "\n".join(
        f"{who}:\n{asked.said}" for who, asked in runs.items() if asked.code
    )
