from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

KEY = {"key_id": "k1", "prefix": "bolt_live_3f9c", "scopes": ["read"], "name": "import"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []

    async def answer(_: Client, method: str, path: str, **request: Any) -> httpx2.Response:
        found.append((method, path, request.get("json")))
        content = {"items": [KEY]} if method == "GET" else {**KEY, "key": "bolt_live_3f9c_secret"}
        return httpx2.Response(200, json=content)

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_a_new_key_is_all_of_the_answer(asked: list[tuple[str, str, Any]]) -> None:
    done = CliRunner().invoke(app, ["api-keys", "create", "import", "--scope", "read"])

    assert done.stdout == "bolt_live_3f9c_secret\n"
    body = {"name": "import", "scopes": ["read"], "expires_in_days": None}
    assert asked == [("POST", "/v1/me/api-keys", body)]


def test_keys_are_listed_by_how_they_begin(asked: list[tuple[str, str, Any]]) -> None:
    done = CliRunner().invoke(app, ["api-keys", "list"])

    assert done.stdout.split() == ["k1", "bolt_live_3f9c", "read", "import"]


def test_a_key_is_revoked_by_its_id(asked: list[tuple[str, str, Any]]) -> None:
    done = CliRunner().invoke(app, ["api-keys", "revoke", "k1"])

    assert "k1 is revoked" in done.stderr
    assert asked == [("DELETE", "/v1/me/api-keys/k1", None)]
