from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

COUNTS = {"listed": 9, "added": 1, "changed": 0, "unlisted": 0}
IDS = {"added_ids": ["pt-PT-Chirp3-HD-Kore"], "unlisted_ids": [], "unknown_languages": []}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, json: Any = None, params: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json or params))
        if method == "POST":
            return httpx2.Response(200, json=COUNTS | IDS)
        voice = {"id": "tone:pt-BR", "language": "pt-BR", "gender": "neutral", "provider": "tone"}
        return httpx2.Response(200, json={"items": [voice], "next_cursor": None})

    monkeypatch.setattr(Client, "_answer", answer)
    return found


@pytest.mark.parametrize("command", [["voices"], ["voices", "list"]])
def test_voices_are_listed(asked: list[tuple[str, str, Any]], command: list[str]) -> None:
    done = CliRunner().invoke(app, [*command, "--language", "pt-BR"])

    assert done.stdout == "tone:pt-BR  pt-BR  neutral  tone\n"
    assert asked[0][2]["language"] == "pt-BR"


def test_a_refresh_says_what_changed(asked: list[tuple[str, str, Any]]) -> None:
    done = CliRunner().invoke(app, ["voices", "refresh"])

    assert done.stdout == "listed 9  added 1  changed 0  unlisted 0\n"
    assert "new: pt-PT-Chirp3-HD-Kore" in done.stderr
    assert asked == [("POST", "/v1/voices/refresh", {"provider": "google"})]
