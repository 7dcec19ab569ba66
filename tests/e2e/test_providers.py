"""The official clients, end to end, against emulators of Google that speak its wire format."""

import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.kafka import everything_on
from tests.support.waiting import until

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


@asynccontextmanager
async def somebody(google: Stack) -> AsyncIterator[Client]:
    async with Client(google.service_url("gateway")) as bolt:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        yield bolt


def a_batch(*titles: str, minutes: int = 3) -> dict[str, Any]:
    return {
        "mode": "matrix",
        "titles": list(titles),
        "languages": ["pt-BR", "en-US", "es-ES"],
        "agent": {"language": "pt-BR"},
        "options": {"target_minutes": minutes},
    }


async def run(bolt: Client, body: dict[str, Any]) -> dict[str, Any]:
    accepted = await bolt.create_batch(body)
    async for _ in bolt.watch(accepted["batch_id"]):
        pass
    batch = await bolt.read_batch(accepted["batch_id"])
    usage = await bolt._json("GET", f"/v1/batches/{accepted['batch_id']}/usage")
    assert batch["state"] == "completed"
    return {**batch, "cost_usd": usage["cost_usd"]}


async def test_an_estimate_is_met_within_a_tenth(google: Stack) -> None:
    async with somebody(google) as bolt:
        await run(bolt, a_batch("O mar profundo", "As nuvens"))
        body = a_batch("A floresta", "O deserto", "A montanha", "O rio")

        estimate = await bolt.estimate(body)
        batch = await run(bolt, body)
        again = await bolt.estimate(body)

    assert estimate["based_on_jobs"] >= 6
    assert estimate["jobs"] == batch["counts"]["total"] == 12
    for name in ("provider_calls", "characters", "cost_usd"):
        assert estimate[name] == pytest.approx(batch[name], rel=0.1), (name, estimate, batch)
    assert (again["jobs_cached"], again["provider_calls"], again["cost_usd"]) == (12, 0, 0)


async def test_a_changed_sentence_buys_one_segment(
    google: Stack, emulators: dict[str, str]
) -> None:
    async with somebody(google) as bolt:
        accepted = await run(bolt, a_batch("O farol", minutes=6))
        (job, *_) = [job async for job in bolt.results(accepted["batch_id"])]
        path = f"/v1/jobs/{job['job_id']}"
        script = await bolt._json("GET", f"{path}/script/sentences")
        before = calls(emulators)["billable"]

        sentence = script["sentences"][len(script["sentences"]) // 2]
        text = f"Muito mais do que parecia, e por muito mais tempo. {sentence['text']}"
        change = {"sentences": [{"index": sentence["index"], "text": text}]}
        edited = await bolt._json(
            "PATCH", f"{path}/script", json=change, headers={"If-Match": script["etag"]}
        )

        async def narrated() -> bool:
            now = await bolt._json("GET", path)
            return bool(now["state"] == "completed" and now["characters"] != job["characters"])

        await until(narrated, seconds=60)
        now = await bolt._json("GET", f"{path}/script/sentences")

    assert job["segments"] > 2
    assert edited["run"] == 2
    assert now["etag"] != script["etag"]
    assert text in now["text"]
    assert calls(emulators)["billable"] - before == 1
