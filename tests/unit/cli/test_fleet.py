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


@pytest.mark.parametrize(("words", "process"), [([], None), (["--process", "n-1"], "n-1")])
def test_a_restart_names_who_goes(asked: Asked, words: list[str], process: str | None) -> None:
    done = CliRunner().invoke(app, ["restart", "narrator", *words])

    assert done.stdout.split() == ["n-1"]
    path = "/v1/admin/processors/narrator/restart"
    assert asked == [("POST", path, {"process_id": process})]
