"""Somebody who registers and signs in."""

from fastapi.testclient import TestClient

ANA = {"email": "ana@example.com", "password": "correct horse"}
FORM = {"username": ANA["email"], "password": ANA["password"]}


def signed_in(stranger: TestClient) -> dict[str, str]:
    stranger.post("/v1/auth/register", json=ANA)
    found: dict[str, str] = stranger.post("/v1/auth/token", data=FORM).json()
    return found


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refreshed(client: TestClient, token: str) -> int:
    return client.post("/v1/auth/refresh", json={"refresh_token": token}).status_code
