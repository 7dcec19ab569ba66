from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from services.gateway.passwords import Passwords
from services.gateway.settings import Settings
from services.gateway.tokens import Principal, Tokens
from tests.support.gateway import ME, FakeGateway

ANA = {"email": "Ana@example.com", "password": "correct horse"}


def test_registers_signs_in_and_knows_who_asks(stranger: TestClient) -> None:
    made = stranger.post("/v1/auth/register", json=ANA)
    token = stranger.post(
        "/v1/auth/token", data={"username": "ana@EXAMPLE.com", "password": "correct horse"}
    )
    me = stranger.get("/v1/me", headers={"Authorization": f"Bearer {token.json()['access_token']}"})

    assert made.status_code == 201
    assert token.json()["expires_in"] == 900
    assert me.json() == made.json()
    assert "password" not in me.text


def test_an_address_has_one_account(stranger: TestClient) -> None:
    stranger.post("/v1/auth/register", json=ANA)

    answer = stranger.post("/v1/auth/register", json={**ANA, "email": "ana@example.com"})

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(
    ("email", "password", "pointer"),
    [
        ("ana", "correct horse", "/email"),
        ("ana@example", "correct horse", "/email"),
        ("a na@example.com", "correct horse", "/email"),
        ("ana@exam\x00ple.com", "correct horse", "/email"),
        ("a" * 250 + "@example.com", "correct horse", "/email"),
        ("ana@example.com", "2short", "/password"),
        ("ana@example.com", "x" * 2000, "/password"),
    ],
)
def test_refuses_what_cannot_be_an_account(
    stranger: TestClient, email: str, password: str, pointer: str
) -> None:
    answer = stranger.post("/v1/auth/register", json={"email": email, "password": password})

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("username", "password"),
    [("ana@example.com", "wrong horse"), ("nobody@example.com", "correct horse"), ("\x00", "x")],
)
def test_a_wrong_password_and_no_account_look_the_same(
    stranger: TestClient, username: str, password: str
) -> None:
    stranger.post("/v1/auth/register", json=ANA)

    answer = stranger.post("/v1/auth/token", data={"username": username, "password": password})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"] == "no account has this email address and password"


@pytest.mark.parametrize(
    "path", ["/v1/me", "/v1/batches", "/v1/jobs/0b4c6a4e-5d1f-4b8e-9a55-5e3d9f3a7c11/audio"]
)
def test_nothing_private_is_open(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def forged(**changes: object) -> str:
    now = datetime.now(UTC)
    claims = {
        "iss": "bolt-ia",
        "aud": "bolt-ia-api",
        "sub": str(ME),
        "iat": now,
        "exp": now + timedelta(minutes=5),
    }
    secret = str(changes.pop("secret", "s" * 32))
    algorithm = str(changes.pop("algorithm", "HS256"))
    left = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(left, secret, algorithm)


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        forged(secret="t" * 32),
        forged(secret="", algorithm="none"),
        forged(secret="s" * 64, algorithm="HS512"),
        forged(aud="another-api"),
        forged(iss="somebody"),
        forged(sub="not-an-id"),
        forged(exp=None),
        forged(exp=datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_token_that_is_not_ours_is_nobody(stranger: TestClient, token: str) -> None:
    answer = stranger.get("/v1/batches", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


def test_a_token_names_the_key_that_signed_it() -> None:
    tokens = Tokens("s" * 32, timedelta(minutes=15))

    header = jwt.get_unverified_header(tokens.issue(Principal(ME, "user", session_id=uuid4())))

    assert header == {"alg": "HS256", "typ": "at+jwt", "kid": tokens.key_id}


async def test_passwords_are_kept_as_argon2id() -> None:
    passwords = Passwords(at_once=1)

    stored = await passwords.hash("correct horse")

    assert stored.startswith("$argon2id$")
    assert await passwords.matches("correct horse", stored)
    assert not await passwords.matches("wrong horse", stored)
    assert not await passwords.matches("correct horse", None)


@pytest.mark.parametrize("secret", ["", "short", "s" * 31])
def test_a_weak_secret_stops_the_gateway_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    monkeypatch.setenv("JWT_SECRET", secret)

    with pytest.raises(ValidationError) as caught:
        Settings()

    assert "openssl rand" in str(caught.value)
    assert secret == "" or f"'{secret}'" not in str(caught.value)


def test_a_ticket_is_made_for_who_asks(client: TestClient, gateway: FakeGateway) -> None:
    answer = client.post("/v1/tickets")

    assert (answer.status_code, answer.json()["expires_in"]) == (201, 60)
    assert answer.json()["ticket"] not in str(gateway.keys.values)
