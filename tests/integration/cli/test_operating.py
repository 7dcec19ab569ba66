import asyncio
import json
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from cli.diagnosis import Finding, diagnose
from cli.main import app
from deploy.local.service_environment import Endpoints
from shared.runtime import create_topics
from shared.topics import ALL

pytestmark = pytest.mark.connected


@pytest.fixture
def deployment(
    servers: Endpoints, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    given = {
        "KAFKA_BOOTSTRAP_SERVERS": servers.kafka,
        "DATABASE_URL": database_url,
        "REDIS_URL": servers.redis_url,
        "STORAGE": "local",
        "STORAGE_LOCAL_ROOT": str(tmp_path / "artefacts"),
        "LLM": "offline",
        "GEMINI_API_KEYS": "",
        "GOOGLE_TTS_API_KEYS": "",
        "KEYS_KEK": "",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)


def errors(found: list[Finding]) -> dict[str, str]:
    return {each.part: f"{each.says} -> {each.fix}" for each in found if each.state == "error"}


@pytest.mark.usefixtures("deployment")
async def test_a_deployment_that_is_as_it_should_be_has_nothing_to_fix() -> None:
    await create_topics.create(create_topics.Settings())

    found = await diagnose()

    assert errors(found) == {}
    assert {each.part for each in found} == {
        *("kafka", "postgres", "redis", "storage", "providers", "machine")
    }
    assert f"{len(ALL)} topics as declared" in [each.says for each in found]
    assert all(each.fix for each in found if each.state != "ok")


@pytest.mark.usefixtures("deployment")
async def test_what_is_away_is_named_and_so_is_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setenv("STORAGE_LOCAL_ROOT", str(tmp_path / "a-file" / "below"))

    found = errors(await diagnose(["kafka", "postgres", "redis", "storage"]))

    assert "KAFKA_BOOTSTRAP_SERVERS" in found["kafka"]
    assert "DATABASE_URL" in found["postgres"]
    assert "REDIS_URL" in found["redis"]
    assert "STORAGE_LOCAL_ROOT" in found["storage"]


@pytest.mark.usefixtures("deployment")
async def test_a_schema_that_is_behind_is_named_and_brought_up_to_date(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    finally:
        await connection.close()

    behind = errors(await diagnose(["postgres"]))
    planned = await bolt("migrate", "--plan")
    applied = await bolt("migrate", "--json")
    again = await bolt("migrate")

    assert "run bolt migrate" in behind["postgres"]
    assert planned.startswith("waits  0001_pre_")
    assert json.loads(applied)[0].startswith("0001_pre_")
    assert again == "nothing to do\n"
    assert errors(await diagnose(["postgres"])) == {}


@pytest.mark.usefixtures("deployment")
async def test_the_doctor_answers_in_json_and_with_its_exit_status(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = json.loads(await bolt("doctor", "--only", "redis", "--json"))
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    failed = await bolt("doctor", "--only", "redis", status=1)

    assert {each["state"] for each in told} == {"ok"}
    assert failed.startswith("FAIL  redis")
    assert "-> check REDIS_URL" in failed


async def bolt(*arguments: str, status: int = 0) -> str:
    # Its commands run a loop of their own.
    done = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    assert done.exit_code == status, done.output
    return str(done.stdout)
