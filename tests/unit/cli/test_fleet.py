from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

Asked = list[tuple[str, str, Any]]
ONE = {"service": "narrator", "state": "ready", "in_flight": 3, "process_id": "n-1"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found: Asked = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, json: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json))
        return httpx2.Response(200, json={"items": [ONE]})

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_processes_are_a_line_each(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["processes"])

    assert done.stdout.split() == ["narrator", "ready", "3", "n-1"]
    assert asked == [("GET", "/v1/admin/processors", None)]


def test_a_scaling_hint_is_a_line_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    hint = {"service": "narrator", "replicas": 1, "suggested_replicas": 3, "because": "480 wait"}

    async def answer(*_: Any, headers: Any) -> httpx2.Response:
        return httpx2.Response(200, json={"items": [hint]})

    monkeypatch.setattr(Client, "_answer", answer)

    done = CliRunner().invoke(app, ["scale"])

    assert done.stdout.split(maxsplit=1) == ["narrator", "1 -> 3: 480 wait\n"]


@pytest.mark.parametrize(("words", "process"), [([], None), (["--process", "n-1"], "n-1")])
def test_a_restart_names_who_goes(asked: Asked, words: list[str], process: str | None) -> None:
    done = CliRunner().invoke(app, ["restart", "narrator", *words])

    assert done.stdout.split() == ["n-1"]
    path = "/v1/admin/processors/narrator/restart"
    assert asked == [("POST", path, {"process_id": process})]
