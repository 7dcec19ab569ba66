import pytest
from fastapi.testclient import TestClient

from tests.support.gateway import FakeGateway
from tests.support.signing_in import ANA, bearer


def test_a_web_page_holds_its_refresh_token_in_a_cookie_no_script_can_read(
    stranger: TestClient,
) -> None:
    stranger.post("/v1/auth/register", json=ANA)

    answer = stranger.post("/v1/auth/session", json=ANA)

    assert "refresh_token" not in answer.json()
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("bolt_session=bolt_refresh_")
    for word in ("HttpOnly", "SameSite=strict", "Path=/v1/auth/session", "Max-Age=2"):
        assert word in cookie
    assert "Secure" not in cookie


def test_a_cookie_is_only_sent_over_tls_where_there_is_tls(gateway: FakeGateway) -> None:
    with TestClient(gateway.app, base_url="https://bolt.example") as client:
        client.post("/v1/auth/register", json=ANA)
        answer = client.post("/v1/auth/session", json=ANA)

    assert "; Secure" in answer.headers["set-cookie"]
    assert "max-age=" in answer.headers["Strict-Transport-Security"]


def test_a_web_page_stays_signed_in_and_signs_out(stranger: TestClient) -> None:
    stranger.post("/v1/auth/register", json=ANA)
    stranger.post("/v1/auth/session", json=ANA)

    again = stranger.post("/v1/auth/session/refresh")
    out = stranger.delete("/v1/auth/session")

    assert (again.status_code, out.status_code) == (200, 204)
    assert 'bolt_session=""' in out.headers["set-cookie"]
    assert stranger.get("/v1/me", headers=bearer(again.json()["access_token"])).status_code == 401
    assert stranger.post("/v1/auth/session/refresh").status_code == 401
    assert stranger.delete("/v1/auth/session").status_code == 204


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_begins_no_session(stranger: TestClient, site: str) -> None:
    stranger.post("/v1/auth/register", json=ANA)

    answer = stranger.post("/v1/auth/session", json=ANA, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
