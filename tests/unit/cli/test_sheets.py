from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

CHANGE = {"row": 2, "job_id": "j1", "fields": ["voice"]}
ANSWERS: dict[str, Any] = {
    "/v1/batches/import:estimate": {
        **dict.fromkeys(("jobs", "jobs_cached", "provider_calls", "characters"), 1),
        **dict.fromkeys(("audio_seconds", "cost_usd", "seconds"), 1.0),
        "finishes_at": "2026-11-20T12:00:12Z",
        "fits": True,
        "findings": [],
        "quota_domains": [],
    },
    "/v1/batches/import": {"batch": {"batch_id": "b1"}},
    "/v1/batches/b1/import": {"changed": 1, "added": 0, "unchanged": 2, "changes": [CHANGE]},
    "/v1/jobs/j1/script/sentences": {"etag": '"x"', "sentences": [{"index": 0, "text": "Bees."}]},
    "/v1/jobs/j1/script": {"changed": True, "run": 2},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any]]]:
    found: list[tuple[str, str, dict[str, Any]]] = []

    async def answer(_: Client, method: str, path: str, **request: Any) -> httpx2.Response:
        found.append((method, path, request))
        return httpx2.Response(200, json=ANSWERS.get(path, {}))

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_a_sheet_is_submitted_as_it_is(
    asked: list[tuple[str, str, dict[str, Any]]], tmp_path: Path
) -> None:
    file = tmp_path / "batch.csv"
    file.write_text("title;language\nBees;en-US\n")

    done = CliRunner().invoke(app, ["submit", str(file), "--name", "Bees"])

    assert done.stdout == "b1\n"
    ((method, path, request),) = asked
    assert (method, path) == ("POST", "/v1/batches/import")
    assert request["files"]["file"] == ("batch.csv", file.read_bytes())
    assert request["data"] == {"common": '{"name": "Bees"}'}


@pytest.mark.parametrize("words", [("estimate",), ("submit", "--dry-run")])
def test_a_sheet_is_estimated_as_a_sheet(
    asked: list[tuple[str, str, dict[str, Any]]], tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "batch.xlsx"
    file.write_bytes(b"PK\xff")

    done = CliRunner().invoke(app, [*words, str(file), "--language", "pt-BR"])

    assert done.exit_code == 0, done.output
    ((_, path, request),) = asked
    assert path == "/v1/batches/import:estimate"
    assert request["files"]["file"] == ("batch.xlsx", b"PK\xff")
    assert request["data"] == {"common": '{"languages": ["pt-BR"]}'}


def test_a_sheet_that_comes_back_says_what_was_different(
    asked: list[tuple[str, str, dict[str, Any]]], tmp_path: Path
) -> None:
    file = tmp_path / "batch.xlsx"
    file.write_bytes(b"PK")

    done = CliRunner().invoke(app, ["import", "b1", str(file)])

    assert done.stdout == "line 2  j1  voice\n"
    assert "1 changed, 0 new, 2 as they were" in done.stderr


def test_a_sentence_is_changed_in_the_text_that_was_read(
    asked: list[tuple[str, str, dict[str, Any]]],
) -> None:
    done = CliRunner().invoke(app, ["edit", "j1", "-s", "0", "-t", "Bees dance."])

    assert done.exit_code == 0
    method, path, request = asked[-1]
    assert (method, path, request["headers"]["If-Match"]) == ("PATCH", "/v1/jobs/j1/script", '"x"')
    assert request["json"] == {"sentences": [{"index": 0, "text": "Bees dance."}]}
    assert "run 2" in done.stderr


@pytest.mark.parametrize("command", ["approve", "reject"])
def test_a_text_is_decided_upon(asked: list[tuple[str, str, dict[str, Any]]], command: str) -> None:
    CliRunner().invoke(app, ["review", command, "j1"])

    assert asked[0][1] == f"/v1/jobs/j1/{command}"
