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
# Where a schema cannot say what is valid (a language of the catalogue, one of two fields, a
# version that exists, the bytes of a sheet), a request that it allows may be refused.
BY_MEANING = (
    ("create_speech",),
    ("create_batch", "estimate_batch", "import_batch"),
    ("create_agent", "replace_agent", "delete_agent", "update_preferences"),
    ("list_reviews", "replace_script", "change_script", "revert_script", "return_batch"),
    ("approve_job", "reject_job", "redrive_dead_letters", "list_dead_letters"),
    ("change_password", "create_webhook", "change_webhook", "list_results", "list_voices"),
    (
        "seed_narrate_several",
        "seed_add_agent",
        "estimate_import",
    ),
    (
        "create_narration",
        "seed_change_agent",
        "seed_write_script",
        "read_errors",
    ),
    (
        "read_favoured",
        "read_providers",
        "read_summary",
        "read_trends",
    ),
    (
        "read_usage",
        "seed_begin_texts",
        "seed_narrate",
        "seed_create_batch",
    ),
    (
        "seed_generate_batch",
        "list_openai_voices",
        "preload_phrases",
        "seed_delete_agent",
    ),
    ("seed_preload",),
)
CONFIG = """
warnings = false

[output.sanitization]
enabled = true

# It asks a provider, and there is none here.
[[operations]]
include-operation-id = "refresh_voices"
[operations.checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502", "503"]
[[operations]]
include-operation-id = "create_speech"
[operations.checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502", "503", "504"]
"""
OPERATION = """
[[operations]]
include-operation-id = "{name}"
[operations.checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "400", "401", "403", "404", "409", "412", "422", "429", "5xx"]
"""
# They end the session that the others ask with.
LEAVING = ("logout", "delete_one_session")


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
    operations = "".join(OPERATION.format(name=name) for names in BY_MEANING for name in names)
    config.write_text(CONFIG + operations)
    command = [str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run"]
    command += [f"{url}/openapi.json", "--checks", "all", "--phases", "examples,coverage,fuzzing"]
    command += ["--max-examples", "5", "--max-time", str(SECONDS), "--seed", "1", "--no-color"]
    command += ["--request-timeout", "20", "--workers", "2", "--suppress-health-check", "all"]
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
