import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from services.gateway.errors import UnauthenticatedError
from services.gateway.identity import Identity
from services.gateway.recent import Recent
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway
from tests.support.signing_in import ANA, FORM, bearer, refreshed, signed_in


def test_a_refresh_token_gets_the_next_pair(stranger: TestClient) -> None:
    first = signed_in(stranger)

    second = stranger.post("/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})

    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    token = second.json()["access_token"]
    assert stranger.get("/v1/me", headers=bearer(token)).json()["email"] == ANA["email"]
    assert second.headers["Cache-Control"] == "no-store"


def test_a_replayed_refresh_token_ends_the_whole_session(
    stranger: TestClient, gateway: FakeGateway
) -> None:
    first = signed_in(stranger)
    second = stranger.post(
        "/v1/auth/refresh", json={"refresh_token": first["refresh_token"]}
    ).json()

    replayed = refreshed(stranger, first["refresh_token"])

    assert replayed == 401
    assert refreshed(stranger, second["refresh_token"]) == 401
    assert stranger.get("/v1/me", headers=bearer(second["access_token"])).status_code == 401
    assert [entry.action for entry in gateway.people.entries] == ["session.replayed"]


@pytest.mark.parametrize("token", ["nonsense", "bolt_refresh_", "\ud800", "x" * 200])
def test_a_refresh_token_that_is_not_ours_gets_nothing(stranger: TestClient, token: str) -> None:
    body = f'{{"refresh_token": "{token}"}}'.encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "application/json"}

    answer = stranger.post("/v1/auth/refresh", content=body, headers=headers)

    assert answer.status_code in (401, 422)


def test_signing_out_ends_this_session_only(stranger: TestClient) -> None:
    here, there = signed_in(stranger), signed_in(stranger)

    out = stranger.post("/v1/auth/logout", headers=bearer(here["access_token"]))

    assert out.status_code == 204
    assert stranger.get("/v1/me", headers=bearer(here["access_token"])).status_code == 401
    assert refreshed(stranger, here["refresh_token"]) == 401
    assert stranger.get("/v1/me", headers=bearer(there["access_token"])).status_code == 200


def test_signing_out_everywhere_ends_all_of_them(stranger: TestClient) -> None:
    here, there = signed_in(stranger), signed_in(stranger)

    stranger.post("/v1/auth/logout?everywhere=true", headers=bearer(here["access_token"]))

    assert refreshed(stranger, there["refresh_token"]) == 401


def test_sessions_are_listed_and_ended_by_their_user_only(
    stranger: TestClient, gateway: FakeGateway
) -> None:
    here, there = signed_in(stranger), signed_in(stranger)
    headers = bearer(here["access_token"])
    listed = stranger.get("/v1/me/sessions", headers=headers).json()["items"]
    (other,) = (one["session_id"] for one in listed if not one["current"])

    with gateway.client(SOMEBODY_ELSE) as somebody:
        stolen = somebody.delete(f"/v1/me/sessions/{other}")
    ended = stranger.delete(f"/v1/me/sessions/{other}", headers=headers)

    assert (stolen.status_code, ended.status_code) == (404, 204)
    assert listed[0]["user_agent"] == "testclient"
    assert refreshed(stranger, there["refresh_token"]) == 401


def test_a_new_password_ends_every_other_session(stranger: TestClient) -> None:
    here, there = signed_in(stranger), signed_in(stranger)
    headers = bearer(here["access_token"])
    change = {"current_password": ANA["password"], "new_password": "battery staple"}

    wrong = stranger.post(
        "/v1/me/password", headers=headers, json={**change, "current_password": "wrong horse"}
    )
    done = stranger.post("/v1/me/password", headers=headers, json=change)

    assert wrong.json()["errors"][0]["pointer"] == "/current_password"
    assert done.status_code == 204
    assert refreshed(stranger, there["refresh_token"]) == 401
    assert stranger.get("/v1/me", headers=headers).status_code == 200
    assert stranger.post("/v1/auth/token", data=FORM).status_code == 401


def test_a_token_a_few_seconds_over_is_good_for_another_clock(gateway: FakeGateway) -> None:
    me = gateway.people.signed_in(ME)
    now = datetime.now(UTC)
    late = gateway.tokens.issue(me, now=now - timedelta(minutes=15, seconds=5))
    later = gateway.tokens.issue(me, now=now - timedelta(minutes=15, seconds=15))

    assert gateway.tokens.read(late).user_id == ME
    with pytest.raises(UnauthenticatedError, match="expired"):
        gateway.tokens.read(later)


def test_what_a_token_says_is_believed_for_seconds_only(gateway: FakeGateway) -> None:
    now = 0.0
    identity = Identity(
        gateway.tokens,
        gateway.admission.sessions,
        gateway.admission.api_keys,
        Recent(5.0, clock=lambda: now),
    )
    me = gateway.people.signed_in(ME)
    token = gateway.tokens.issue(me)
    asyncio.run(identity.of(token))
    assert me.session_id is not None
    gateway.people.known_sessions[me.session_id].ended = True

    still = asyncio.run(identity.of(token))
    now = 5.1

    assert still.user_id == ME
    with pytest.raises(UnauthenticatedError, match="session has ended"):
        asyncio.run(identity.of(token))
