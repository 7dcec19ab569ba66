import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    async def create(_: Client, batch: dict[str, Any]) -> dict[str, Any]:
        found.append(batch)
        return {"batch_id": "b1"}

    monkeypatch.setattr(Client, "create_batch", create)
    return found


@pytest.mark.parametrize("kind", ["txt", "json"])
def test_options_stand_over_those_of_the_file(
    asked: list[dict[str, Any]], tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"batch.{kind}"
    own = {"titles": ["Bees"], "options": {"format": "mp3", "style": "calm"}}
    file.write_text(json.dumps(own) if kind == "json" else "Bees")
    words = ["--option", "other_voices=true", "--option", "format=opus"]

    done = CliRunner().invoke(app, ["submit", str(file), "-l", "pt-BR", *words])

    assert done.stdout == "b1\n"
    expected: dict[str, Any] = {"other_voices": True, "format": "opus"}
    assert asked[0]["options"] == expected | ({"style": "calm"} if kind == "json" else {})


def test_what_is_no_option_is_wrong_usage(asked: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "batch.txt"
    file.write_text("Bees")

    done = CliRunner().invoke(app, ["submit", str(file), "--option", "other_voices"])

    assert done.exit_code == 2
    assert asked == []
