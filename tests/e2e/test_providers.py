"""The official clients, end to end, against emulators of Google that speak its wire format."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.kafka import everything_on

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SECRETS = ("sEcReT-gemini-one", "sEcReT-gemini-two", "sEcReT-speech-one")


@pytest.fixture(scope="module")
def emulators() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "bench.emulators", "--print-json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()


@pytest.fixture(scope="module")
def google(emulators: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    env = {
        "LLM": "auto",
        "GEMINI_BASE_URL": emulators["gemini"],
        "GEMINI_API_KEYS": f"alpha:{SECRETS[0]},beta:{SECRETS[1]}",
        "GOOGLE_TTS_ENDPOINT": emulators["tts"],
        "GOOGLE_TTS_API_KEYS": f"alpha:{SECRETS[2]}",
    }
    with Stack(tmp_path_factory.mktemp("google"), env=env, forget=True) as running:
        yield running


def calls(emulators: dict[str, str]) -> dict[str, Any]:
    with urllib.request.urlopen(f"{emulators['gemini']}/_calls?summary=1", timeout=10) as answer:  # noqa: S310 - loopback
        summary: dict[str, Any] = json.loads(answer.read())
    return summary


async def make(google: Stack, titles: list[str]) -> dict[str, Any]:
    async with Client(google.service_url("gateway")) as bolt:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        accepted = await bolt.create_batch(
            {
                "mode": "matrix",
                "titles": titles,
                "languages": ["pt-BR", "en-US", "es-ES"],
                "agent": {"language": "pt-BR", "do_not_translate": ["Bolt"]},
            }
        )
        async for _ in bolt.watch(accepted["batch_id"]):
            pass
        batch = await bolt.read_batch(accepted["batch_id"])
        jobs = [job async for job in bolt.results(accepted["batch_id"])]
    return {**batch, "jobs": jobs}


async def test_google_writes_and_speaks_and_is_not_paid_twice(
    google: Stack, emulators: dict[str, str]
) -> None:
    titles = ["O segredo das abelhas", "Como nasce um vulcão", "A história do café"]

    first = await make(google, titles)

    errors = [job["error"] for job in first["jobs"] if job["error"]]
    assert first["counts"]["completed"] == 9, errors
    assert {job["voice"].split("-")[2] for job in first["jobs"]} == {"Chirp3"}
    bought = calls(emulators)

    second = await make(google, titles)

    assert second["counts"]["completed"] == 9
    assert second["provider_calls"] == 0
    assert calls(emulators) == bought


def written(logs: Path) -> str:
    return "".join(file.read_text() for file in logs.glob("*.log"))


async def test_no_key_is_in_any_log_event_or_row(google: Stack) -> None:
    logs = written(google.state.logs)
    topics = ("script.generated", "script.adapted", "audio.ready", "jobs.failed", "jobs.progress")
    events = [await everything_on(google.endpoints.kafka, topic) for topic in topics]
    connection = await asyncpg.connect(google.endpoints.database_url)
    try:
        tables = ("jobs", "batches", "usage", "job_log", "submissions")
        rows = [await connection.fetch(f"SELECT t::text FROM {name} t") for name in tables]  # noqa: S608 - names above
    finally:
        await connection.close()

    said = logs + repr(events) + repr(rows)
    assert len(said) > 10_000
    assert not [secret for secret in SECRETS if secret in said]
