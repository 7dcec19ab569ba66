from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    found: list[tuple[str, str, Any]] = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any = None, json: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json))
        return httpx2.Response(202, json={"retried": 2})

    monkeypatch.setattr(Client, "_answer", answer)
    return found


@pytest.mark.parametrize(
    ("words", "path", "body"),
    [
        (["pause", "b1"], "/v1/batches/b1/pause", None),
        (["resume", "b1", "--budget", "7"], "/v1/batches/b1/resume", {"budget_usd": 7.0}),
        (["cancel", "--job", "j1"], "/v1/jobs/j1/cancel", None),
        (["retry", "b1"], "/v1/batches/b1/retry-failed", None),
        (["retry", "--job", "j1"], "/v1/jobs/j1/retry", None),
    ],
)
def test_an_order_is_sent(
    asked: list[tuple[str, str, Any]], words: list[str], path: str, body: Any
) -> None:
    done = CliRunner().invoke(app, words)

    assert done.exit_code == 0, done.output
    assert asked == [("POST", path, body)]


@pytest.mark.parametrize("words", [["pause"], ["cancel", "b1", "--job", "j1"]])
def test_an_order_names_a_batch_or_a_job(
    asked: list[tuple[str, str, Any]], words: list[str]
) -> None:
    assert CliRunner().invoke(app, words).exit_code == 2
    assert asked == []


def test_a_batch_is_deleted_once_that_is_sure(asked: list[tuple[str, str, Any]]) -> None:
    refused = CliRunner().invoke(app, ["delete", "b1"], input="n\n")
    done = CliRunner().invoke(app, ["delete", "b1", "--yes"])

    assert (refused.exit_code, done.exit_code) == (1, 0)
    assert asked == [("DELETE", "/v1/batches/b1", None)]
