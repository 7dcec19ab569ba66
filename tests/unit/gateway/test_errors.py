from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.gateway import FakeGateway, assembled, settings

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("DELETE", "/v1/batches", 405, "method_not_allowed"),
        ("GET", "/v1/batches/not-an-id", 422, "validation_failed"),
    ],
)
def test_every_error_is_a_problem(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == PROBLEM
    body = answer.json()
    assert body["type"] == f"urn:bolt-ia:problem:{code}"
    assert (body["status"], body["code"], body["instance"]) == (status, code, path)
    assert body["title"]
    assert body["detail"]


def test_a_method_that_is_not_served_names_those_that_are(client: TestClient) -> None:
    answer = client.delete("/v1/languages")

    assert answer.headers["Allow"] == "GET"


def test_an_error_is_answered_without_the_document_which_takes_half_a_second_to_write(
    gateway: FakeGateway, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> dict[str, Any]:
        raise AssertionError("the OpenAPI document was written")

    monkeypatch.setattr(assembled(gateway.settings), "openapi", refuse)

    assert client.delete("/v1/languages").status_code == 405
    assert client.post("/v1/batches", json={}).status_code == 422


@pytest.mark.parametrize(
    ("content", "pointer", "says"),
    [
        (b"{", "", "not JSON"),
        (b"", "", "required"),
        (b"[]", "", "dict"),
        (b'{"mode": "matrix", "titels": []}', "/titels", "no field 'titels'"),
        (b'{"mode": "sideways"}', "/mode", "expand_languages"),
        (b'{"title": "x"}', "/mode", "mode is required"),
        (b'{"mode": "matrix", "titles": ["a", 2]}', "/titles/1", "string"),
        (b'{"mode": "matrix", "titles": ["a", "\\ud800"]}', "/titles/1", "Unicode"),
        (b'{"mode": "matrix", "\\ud800": 1}', "", "unicode string"),
        (b'{"mode": "matrix", "name": "a\\u0000"}', "/name", "NUL"),
        (
            b'{"mode": "matrix", "voices": {"\\ud800": "x"}}',
            "/voices/\ufffd\ufffd\ufffd",
            "Unicode",
        ),
        (b'{"mode": "matrix", "agent": {"language": "\\ud800"}}', "/agent/language", "Unicode"),
        (b'{"mode": "matrix", "variations": 0}', "/variations", "at least 1"),
        (b'{"mode": "matrix", "variations": 21}', "/variations", "at most 20"),
        (b'{"mode": "matrix", "variations": true}', "/variations", "list"),
        (b'{"mode": "matrix", "variations": [{"aspekt": "x"}]}', "/variations/0/aspekt", "no fi"),
        (b'{"mode": "matrix", "voices": {"pt-BR": [1]}}', "/voices/pt-BR/0", "string"),
        (b'{"mode": "matrix", "options": {"target_minutes": NaN}}', "/options/target_minutes", ""),
        (b'{"mode": "matrix", "options": {"speed": 2}}', "/options/speed", "no field"),
    ],
)
def test_says_where_a_body_is_wrong(
    client: TestClient, content: bytes, pointer: str, says: str
) -> None:
    answer = client.post(
        "/v1/batches", content=content, headers={"Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
    found = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert pointer in found
    assert says in found[pointer]


def test_a_body_that_no_parser_survives_is_refused(client: TestClient) -> None:
    deep = b"[" * 100_000

    answer = client.post("/v1/batches", content=deep, headers={"Content-Type": "application/json"})

    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == PROBLEM


def test_what_was_sent_is_not_sent_back(stranger: TestClient) -> None:
    answer = stranger.post(
        "/v1/auth/register", json={"email": "ana@example.com", "password": "hunter2"}
    )

    assert answer.status_code == 422
    assert "hunter2" not in answer.text
    assert answer.json()["errors"][0]["pointer"] == "/password"


def test_a_title_of_ten_megabytes_is_refused_unread(client: TestClient) -> None:
    body = {"mode": "matrix", "title": "x" * 10_000_000, "language": "pt-BR"}

    answer = client.post("/v1/batches", json=body)

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert "5000000 bytes" in answer.json()["detail"]


def test_a_body_of_unknown_length_is_counted_while_it_comes(client: TestClient) -> None:
    answer = client.post("/v1/batches", content=(b"x" * 100_000 for _ in range(60)))

    assert (answer.status_code, answer.headers["content-type"]) == (413, PROBLEM)
    assert answer.json()["code"] == "too_large"


def test_an_outage_says_when_to_come_back(client: TestClient, gateway: FakeGateway) -> None:
    gateway.submissions.away = True

    answer = client.post(
        "/v1/batches",
        json={"mode": "matrix", "title": "x", "language": "pt-BR"},
        headers={"Idempotency-Key": "k"},
    )

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "PostgreSQL" not in answer.text


def test_a_bug_tells_nothing_of_the_inside(
    client: TestClient, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(gateway.batches, "page", broken)

    answer = client.get("/v1/batches")

    assert (answer.status_code, answer.headers["content-type"]) == (500, PROBLEM)
    assert answer.json()["code"] == "internal_error"
    assert "hunter2" not in answer.text


def test_browsers_of_other_sites_are_let_in_only_where_the_settings_say_so(
    gateway: FakeGateway,
) -> None:
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "GET"}
    gateway.settings = settings(cors_origins="https://app.example.com, https://b.example.com")
    open_to_one = TestClient(gateway.app).options("/v1/languages", headers=headers)
    gateway.settings = settings()
    closed = TestClient(gateway.app).options("/v1/languages", headers=headers)

    assert open_to_one.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert "Access-Control-Allow-Origin" not in closed.headers
