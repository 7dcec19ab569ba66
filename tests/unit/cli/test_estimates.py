import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

ESTIMATE: dict[str, Any] = {
    "jobs": 2,
    "jobs_cached": 1,
    "provider_calls": 7,
    "characters": 1700,
    "audio_seconds": 120.0,
    "cost_usd": 0.05,
    "seconds": 12.0,
    "finishes_at": "2026-11-20T12:00:12Z",
    "fits": True,
    "findings": [],
    "quota_domains": [],
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def estimate(_: Client, batch: dict[str, Any]) -> dict[str, Any]:
        found.append(batch)
        tight = "budget_usd" in batch.get("options", {})
        finding = {"kind": "will_not_fit", "pointer": "/options/budget_usd", "detail": "too small"}
        return ESTIMATE | ({"fits": False, "findings": [finding]} if tight else {})

    monkeypatch.setattr(Client, "estimate", estimate)
    return found


def test_a_dry_run_estimates_and_asks_for_nothing(
    asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "titles.txt"
    file.write_text("Bees\nRain\n")

    done = CliRunner().invoke(app, ["submit", str(file), "-l", "pt-BR", "--dry-run"])

    assert done.exit_code == 0
    assert asked[0]["titles"] == ["Bees", "Rain"]
    assert "calls        7" in done.stdout


def test_a_batch_that_will_not_fit_exits_with_4(
    asked: list[dict[str, Any]], tmp_path: Path
) -> None:
    file = tmp_path / "batch.json"
    file.write_text(json.dumps({"titles": ["Bees"], "options": {"budget_usd": 1}}))

    done = CliRunner().invoke(app, ["estimate", str(file), "--json"])

    assert done.exit_code == 4
    assert json.loads(done.stdout)["fits"] is False
    assert "too small" in done.stderr
