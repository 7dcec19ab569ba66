from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

KEY = {"key_id": "k1", "provider": "gemini", "identity": "9f86d081", "project": "p"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, json: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json))
        if method == "DELETE":
            return httpx2.Response(204)
        one = {**KEY, "enabled": False}
        return httpx2.Response(200, json={"items": [one]} if method == "GET" else one)

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_a_key_is_read_from_standard_input_and_not_shown(
    asked: list[tuple[str, str, Any]],
) -> None:
    done = CliRunner().invoke(app, ["keys", "add", "gemini", "--project", "p"], input="AIza-x\n")

    assert done.exit_code == 0
    assert done.stdout == "k1\n"
    assert "AIza-x" not in done.output
    ((method, path, body),) = asked
    assert (method, path, body["key"], body["project"]) == ("POST", "/v1/me/keys", "AIza-x", "p")


def test_keys_are_listed_by_name(asked: list[tuple[str, str, Any]]) -> None:
    done = CliRunner().invoke(app, ["keys", "list"])

    assert done.stdout == "k1  gemini  9f86d081  disabled  p\n"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("disable", ("PATCH", "/v1/me/keys/k1", {"enabled": False})),
        ("enable", ("PATCH", "/v1/me/keys/k1", {"enabled": True})),
        ("remove", ("DELETE", "/v1/me/keys/k1", None)),
    ],
)
def test_a_key_is_switched_and_removed(
    asked: list[tuple[str, str, Any]], command: str, expected: tuple[str, str, Any]
) -> None:
    done = CliRunner().invoke(app, ["keys", command, "k1"])

    assert done.exit_code == 0
    assert asked == [expected]


@pytest.mark.parametrize(("works", "code"), [(True, 0), (False, 1)])
def test_a_key_is_tested(monkeypatch: pytest.MonkeyPatch, works: bool, code: int) -> None:
    said = {"works": works, "reason": "key_invalid", "scope": "key", "action": "disable"}

    async def answer(_: Client, method: str, path: str, **__: Any) -> httpx2.Response:
        assert (method, path) == ("POST", "/v1/me/keys/k1/test")
        return httpx2.Response(200, json={**KEY, **said, "said": "gemini 400: no"})

    monkeypatch.setattr(Client, "_answer", answer)

    done = CliRunner().invoke(app, ["keys", "test", "k1"])

    assert done.exit_code == code
    assert ("works" in done.stdout) is works
    assert ("gemini 400: no" in done.stderr) is not works
