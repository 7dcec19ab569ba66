from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

ANSWERS: dict[str, Any] = {
    "summary": {"since": "2026-11-01", "jobs": 4, "success_rate": None, "top_voices": []},
    "providers": {
        "items": [{"provider": "google", "model": "chirp", "answers": {"p95_seconds": 2.5}}]
    },
    "system": {
        "version": "1.2.3",
        "services": [{"service": "narrator", "replicas": 2, "behind": {"script.adapted": 40}}],
        "queues": {"waiting": 7},
    },
    "trends": {"items": [{"at": "2026-11-20T00:00:00Z", "jobs": 4}]},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, params: Any = None
    ) -> httpx2.Response:
        found.append(params)
        return httpx2.Response(200, json=ANSWERS[path.rpartition("/")[2]])

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_a_summary_is_a_line_for_each_figure(asked: list[dict[str, str]]) -> None:
    done = CliRunner().invoke(app, ["stats", "--days", "7"])

    assert [line.split() for line in done.stdout.splitlines()] == [
        ["since", "2026-11-01"],
        ["jobs", "4"],
    ]
    assert asked[0].keys() == {"since"}


def test_providers_show_how_fast_they_answer(asked: list[dict[str, str]]) -> None:
    done = CliRunner().invoke(app, ["stats", "providers", "--everyone"])

    assert "google  chirp" in done.stdout
    assert "2.5" in done.stdout
    assert asked[0]["everyone"] == "true"


def test_trends_are_asked_for_by_the_hour(asked: list[dict[str, str]]) -> None:
    done = CliRunner().invoke(app, ["stats", "trends", "--interval", "hour", "--json"])

    assert '"jobs": 4' in done.stdout
    assert asked[0]["interval"] == "hour"


def test_the_system_is_a_line_for_each_service_and_queue(asked: list[dict[str, str]]) -> None:
    done = CliRunner().invoke(app, ["system"])

    assert "narrator         2 replicas; behind: script.adapted 40" in done.stdout
    assert "waiting          7" in done.stdout
