from pathlib import Path
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

STATS = {"provider": "all", "entries": 3, "bytes": 250, "hits": 3, "misses": 5, "evicted": 3}
Asked = list[tuple[str, str, Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found: Asked = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, json: Any = None, params: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json or params))
        google = {**STATS, "provider": "google"}
        return httpx2.Response(
            200, json={**STATS, "providers": [google], "job_ids": ["j1", "j2"], "items": []}
        )

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_stats_are_a_line_for_each_provider_and_one_for_all(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["cache", "stats"])

    assert [line.split()[0] for line in done.stdout.splitlines()] == ["google", "all"]


def test_phrases_of_a_file_are_preloaded(asked: Asked, tmp_path: Path) -> None:
    file = tmp_path / "phrases.txt"
    file.write_text("Olá!\n\n Até logo. \n", "utf-8")

    done = CliRunner().invoke(app, ["cache", "preload", "espeak:pt-BR", str(file)])

    assert done.stdout.split() == ["j1", "j2"]
    assert asked[0][2] == {"voice": "espeak:pt-BR", "texts": ["Olá!", "Até logo."]}


def test_clearing_and_searching_ask_the_api(asked: Asked) -> None:
    CliRunner().invoke(app, ["cache", "clear"])
    CliRunner().invoke(app, ["cache", "similar", "abelhas", "--threshold", "0.3"])

    assert asked == [
        ("DELETE", "/v1/cache", None),
        ("GET", "/v1/cache/similar", {"text": "abelhas", "threshold": 0.3}),
    ]
