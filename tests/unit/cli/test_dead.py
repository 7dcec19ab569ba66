import json as js
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from typer.testing import CliRunner

from cli.client import Client
from cli.main import app

LETTER = {
    "letter_id": "d1",
    "dead_at": "2026-11-20T12:00:00Z",
    "from_topic": "script.adapted",
    "service": "narrator",
    "code": "bug",
    "job_id": None,
    "reason": "no\nsuch " + "voice " * 50,
}
DETAIL = {
    **LETTER,
    "headers": {"dead_code": "bug"},
    "value": '{"title":"Bees"}',
    "history": [{"requested_at": "2026-11-20T13:00:00Z", "outcome": None}],
}

Asked = list[tuple[str, str, Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    found: Asked = []

    async def answer(
        _: Client, method: str, path: str, *, headers: Any, json: Any = None, params: Any = None
    ) -> httpx2.Response:
        found.append((method, path, json or params))
        if method == "POST":
            return httpx2.Response(202, json={"redriven": 2, "already": 1, "moved_on": 0})
        one = path.endswith("/d1")
        return httpx2.Response(200, json=DETAIL if one else {"items": [LETTER] * 3})

    monkeypatch.setattr(Client, "_answer", answer)
    return found


def test_dead_letters_are_listed_a_line_each(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["dead", "list", "--service", "narrator", "--limit", "2"])

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("d1  2026-11-20T12:00:00Z  script.adapted  narrator  bug")
    assert asked[0][2]["service"] == "narrator"


def test_a_span_is_counted_back_from_now(asked: Asked) -> None:
    CliRunner().invoke(app, ["dead", "list", "--since", "2h", "--no-redriven"])

    ((_, _, params),) = asked
    since = datetime.now(UTC) - datetime.fromisoformat(params["since"])
    assert timedelta(hours=2) <= since < timedelta(hours=2, minutes=5)
    assert params["redriven"] == "false"


def test_a_time_that_is_none_is_refused(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["dead", "list", "--since", "yesterday"])

    assert done.exit_code == 2
    assert asked == []


def test_one_is_shown_with_its_record(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["dead", "show", "d1"])

    assert "  dead_code: bug" in done.stdout
    assert '{"title":"Bees"}' in done.stdout
    assert "waits" in done.stdout
    assert asked == [("GET", "/v1/admin/dead-letters/d1", None)]


def test_what_a_filter_lets_through_is_sent_again(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["dead", "redrive", "--code", "bug", "--json"])

    assert js.loads(done.stdout) == {"redriven": 2, "already": 1, "moved_on": 0}
    assert asked == [
        (
            "POST",
            "/v1/admin/dead-letters/redrive",
            {"code": "bug", "all": False, "again": False, "try_only": False},
        )
    ]


def test_single_ones_are_sent_again(asked: Asked) -> None:
    done = CliRunner().invoke(app, ["dead", "redrive", "d1", "d2", "--again"])

    assert done.stdout.strip().splitlines()[0] == "2"
    assert asked[0][2]["ids"] == ["d1", "d2"]
    assert asked[0][2]["again"] is True
