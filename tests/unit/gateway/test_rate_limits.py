from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from services.gateway.errors import TooManyRequestsError
from services.gateway.headers import DATA_POLICY, PAGE_POLICY
from services.gateway.rate_limits import Limit, RateLimits, parse
from services.gateway.settings import Settings
from shared.errors import UnavailableError
from tests.support.admitting import FakeCounter
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, settings

ANA = {"email": "ana@example.com", "password": "correct horse"}


def limited(**changes: Any) -> FakeGateway:
    return FakeGateway(settings=settings(**changes))


def test_limits_are_read_from_a_setting() -> None:
    assert parse(" read=600/60s, sign=5/1s ,") == {
        "read": Limit("read", 600, 60),
        "sign": Limit("sign", 5, 1),
    }
    assert parse("") == {}


@pytest.mark.parametrize("text", ["read", "read=6", "read=6/60", "read=0/60s", "walk=1/1s"])
def test_a_limit_that_cannot_be_read_stops_the_gateway(text: str) -> None:
    with pytest.raises(ValidationError, match="write read=6000/60s"):
        Settings(jwt_secret=settings().jwt_secret, rate_limits=text)


def test_an_answer_says_how_many_more_may_come() -> None:
    with limited(rate_limits="read=3/60s").client() as client:
        answer = client.get("/v1/me")

    assert answer.headers["RateLimit-Policy"] == '"read";q=3;w=60'
    assert answer.headers["RateLimit"] == '"read";r=2;t=8'


def test_one_too_many_is_told_when_to_come_back() -> None:
    with limited(rate_limits="read=1/60s").client() as client:
        client.get("/v1/me")
        answer = client.get("/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "8"
    assert answer.headers["RateLimit"] == '"read";r=0;t=8'


def test_users_and_classes_are_counted_apart() -> None:
    gateway = limited(rate_limits="read=1/60s,write=1/60s,submit=1/60s")
    batch = {"mode": "matrix", "titles": ["Bees"], "languages": ["pt-BR"]}
    with gateway.client(ME) as ana, gateway.client(SOMEBODY_ELSE) as bob:
        answers = [
            ana.get("/v1/me"),
            bob.get("/v1/me"),
            ana.post("/v1/tickets"),
            ana.post("/v1/batches", json=batch),
            ana.get("/v1/languages"),
        ]

    assert all(answer.is_success for answer in answers)
    # Languages are anybody's: they are counted by address.
    assert len(gateway.counter.counts) == 5


def test_where_nobody_can_count_nobody_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    gateway = limited(rate_limits="read=1/60s")
    gateway.counter.error = UnavailableError("Redis: gone")
    with gateway.client() as client:
        answers = [client.get("/v1/me") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "RateLimit" not in answers[0].headers
    assert caplog.text.count("nobody is counted") == 1


async def test_counting_begins_again_after_a_while() -> None:
    now = 0.0
    counter = FakeCounter(error=UnavailableError("gone"))
    limits = RateLimits({"read": Limit("read", 1, 60)}, counter, clock=lambda: now)
    assert await limits.take("read", "ana") is None
    counter.error = None

    still = await limits.take("read", "ana")
    now = 6.0
    counted = await limits.take("read", "ana")

    assert still is None
    assert counted is not None
    with pytest.raises(TooManyRequestsError):
        await limits.take("read", "ana")


def sign_in(client: TestClient, password: str, email: str = ANA["email"]) -> int:
    form = {"username": email, "password": password}
    return client.post("/v1/auth/token", data=form).status_code


def test_guessing_a_password_ends_soon_even_with_the_right_one() -> None:
    with limited(rate_limits="password=3/900s").client(user_id=None) as client:
        client.post("/v1/auth/register", json=ANA)
        guesses = [sign_in(client, f"guess {n}") for n in range(4)]

        assert guesses == [401, 401, 401, 429]
        assert sign_in(client, ANA["password"], "ANA@example.com ") == 429
        assert sign_in(client, "any", "bob@example.com") == 401


def test_signing_in_forgives_the_slips_before_it() -> None:
    with limited(rate_limits="password=3/900s").client(user_id=None) as client:
        client.post("/v1/auth/register", json=ANA)

        tries = [sign_in(client, word) for word in ("a", "b", ANA["password"], "a", "b")]

    assert tries == [401, 401, 200, 401, 401]


def test_an_address_may_only_sign_in_so_often() -> None:
    with limited(rate_limits="sign=2/60s").client(user_id=None) as client:
        for number in range(2):
            account = {"email": f"{number}@example.com", "password": "correct horse"}
            client.post("/v1/auth/register", json=account)

        answers = [
            client.post("/v1/auth/register", json=ANA),
            client.post("/v1/auth/token", data={"username": "a", "password": "b"}),
            client.post("/v1/auth/refresh", json={"refresh_token": "x"}),
            client.post("/v1/auth/session", json=ANA),
        ]

    assert [answer.status_code for answer in answers] == [429] * 4


@pytest.mark.parametrize("path", ["/v1/languages", "/v1/voices"])
def test_what_anybody_may_ask_is_counted_by_address(path: str) -> None:
    with limited(rate_limits="read=1/60s").client(user_id=None) as client:
        answers = [client.get(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[0].headers["RateLimit"] == '"read";r=0;t=8'


@pytest.mark.parametrize("name", ["Authorization", "X-API-Key"])
def test_an_address_may_only_try_so_many_keys_that_are_none(name: str) -> None:
    gateway = limited(rate_limits="refused=2/60s")
    with gateway.client(user_id=None) as client, gateway.client() as ana:
        words = (f"bolt_live_{n:012x}_{'x' * 43}" for n in range(3))
        values = (f"Bearer {word}" if name == "Authorization" else word for word in words)
        answers = [client.get("/v1/me", headers={name: value}) for value in values]

        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert ana.get("/v1/me").status_code == 200


def test_signing_in_in_vain_is_noted_without_what_was_typed() -> None:
    gateway = limited()
    with gateway.client(user_id=None) as client:
        user = client.post("/v1/auth/register", json=ANA).json()
        sign_in(client, "wrong")
        sign_in(client, "wrong", "correct horse")

    assert [(one.action, one.subject) for one in gateway.people.entries] == [
        ("sign_in.failed", user["user_id"]),
        ("sign_in.failed", ""),
    ]


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/nothing", "/v1/batches/not-an-id", "/openapi.json"]
)
def test_every_answer_protects_its_reader(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Content-Security-Policy"] == DATA_POLICY
    assert "Strict-Transport-Security" not in headers


def test_a_page_runs_only_what_came_from_here() -> None:
    assert "script-src 'self';" in PAGE_POLICY
    assert "frame-ancestors 'none'" in PAGE_POLICY
    assert "script-src 'self' 'unsafe" not in PAGE_POLICY


def test_what_holds_secrets_is_kept_by_nobody(client: TestClient) -> None:
    kept = {
        path: client.get(path).headers["Cache-Control"]
        for path in ("/v1/me/api-keys", "/v1/auth/token", "/v1/agents")
    }

    assert kept == {
        "/v1/me/api-keys": "no-store",
        "/v1/auth/token": "no-store",
        "/v1/agents": "private, no-cache",
    }


def test_a_browser_elsewhere_may_ask_only_where_it_is_let_in() -> None:
    origin = "https://studio.example"
    with limited(cors_origins=origin).client() as client:
        mine = client.get("/v1/me", headers={"Origin": origin}).headers
        other = client.get("/v1/me", headers={"Origin": "https://evil.example"}).headers

    assert mine["Access-Control-Allow-Origin"] == origin
    assert "RateLimit" in mine["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in other
    assert "Access-Control-Allow-Credentials" not in mine


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/plain", 415),
        ("application/xml", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
    ],
)
def test_a_body_of_another_kind_is_refused(
    client: TestClient, content_type: str, status: int
) -> None:
    answer = client.post(
        "/v1/agents", content=b'{"language": "en-US"}', headers={"Content-Type": content_type}
    )

    assert answer.status_code == status
    assert status == 201 or "application/json" in answer.json()["detail"]


def test_a_method_that_is_not_served_names_all_that_are(client: TestClient) -> None:
    answers = {
        path: client.request("POST" if "{" in path else "PATCH", path.format(UUID_OF_NOBODY))
        for path in ("/v1/agents/{}", "/v1/agents", "/v1/batches:estimate")
    }

    assert {path: answer.headers["Allow"] for path, answer in answers.items()} == {
        "/v1/agents/{}": "DELETE, GET, PUT",
        "/v1/agents": "GET, POST",
        "/v1/batches:estimate": "POST",
    }


UUID_OF_NOBODY = "00000000-0000-0000-0000-0000000000ff"


def test_no_secret_is_logged(
    stranger: TestClient, caplog: pytest.LogCaptureFixture, gateway: FakeGateway
) -> None:
    with caplog.at_level("DEBUG", logger="services"):
        stranger.post("/v1/auth/register", json=ANA)
        first = stranger.post(
            "/v1/auth/token", data={"username": ANA["email"], "password": ANA["password"]}
        ).json()
        stranger.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
        stranger.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
        with gateway.client() as client:
            key = client.post("/v1/me/api-keys", json={"name": "k"}).json()["key"]
            client.get("/v1/me", headers={"X-API-Key": key})
        sign_in(stranger, "wrong horse")

    assert "a refresh token came back" in caplog.text
    for secret in (ANA["password"], "wrong horse", first["refresh_token"], first["access_token"]):
        assert secret not in caplog.text
    assert key not in caplog.text
