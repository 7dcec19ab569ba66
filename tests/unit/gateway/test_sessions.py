import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from services.gateway.api_keys import MintedKey
from services.gateway.errors import UnauthenticatedError
from services.gateway.identity import Identity
from services.gateway.recent import Recent
from services.gateway.tokens import Tokens
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway

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
    with TestClient(gateway.app(), base_url="https://bolt.example") as client:
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


def test_a_demoted_admin_is_none_though_the_token_says_so(gateway: FakeGateway) -> None:
    with gateway.client(ME, role="admin") as client:
        gateway.people._set(ME, role="user")

        assert client.get("/v1/admin/users").status_code == 403


def made(client: TestClient, **body: object) -> dict[str, str]:
    answer = client.post("/v1/me/api-keys", json={"name": "import", **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, str] = answer.json()
    return found


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_an_api_key_speaks_for_its_owner(
    client: TestClient, stranger: TestClient, header: str
) -> None:
    key = made(client)["key"]
    value = f"Bearer {key}" if header == "Authorization" else key

    answer = stranger.get("/v1/me", headers={header: value})

    assert (answer.status_code, answer.json()["user_id"]) == (200, str(ME))


def test_an_api_key_is_shown_once(client: TestClient, gateway: FakeGateway) -> None:
    created = made(client)

    listed = client.get("/v1/me/api-keys")
    read = client.get(f"/v1/me/api-keys/{created['key_id']}")

    secret = created["key"].removeprefix(created["prefix"])
    assert secret not in listed.text + read.text + str(gateway.people.keys)
    assert listed.json()["items"] == [read.json()]
    assert str(MintedKey.parse(created["key"])) == f"MintedKey({created['prefix']})"


def test_an_api_key_does_what_its_scopes_say(client: TestClient, stranger: TestClient) -> None:
    reads = {"X-API-Key": made(client, scopes=["read"])["key"]}
    writes = {"X-API-Key": made(client, scopes=["write"])["key"]}

    assert stranger.get("/v1/agents", headers=reads).status_code == 200
    refused = stranger.post("/v1/agents", headers=reads, json={"language": "en-US"})
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert stranger.post("/v1/agents", headers=writes, json={"language": "en-US"}).is_success
    assert stranger.get("/v1/agents", headers=writes).status_code == 403


def test_an_api_key_changes_no_credentials(client: TestClient, stranger: TestClient) -> None:
    key = made(client)
    headers = {"X-API-Key": key["key"]}

    answers = [
        stranger.post("/v1/me/api-keys", headers=headers, json={"name": "more"}),
        stranger.delete(f"/v1/me/api-keys/{key['key_id']}", headers=headers),
        stranger.post(
            "/v1/me/password",
            headers=headers,
            json={"current_password": "x", "new_password": "battery staple"},
        ),
        stranger.get("/v1/me/sessions", headers=headers),
        stranger.post("/v1/auth/logout", headers=headers),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5


def test_a_revoked_api_key_is_worthless(client: TestClient, stranger: TestClient) -> None:
    key = made(client)
    path = f"/v1/me/api-keys/{key['key_id']}"
    assert stranger.get("/v1/me", headers={"X-API-Key": key["key"]}).status_code == 200

    revoked = client.delete(path)

    assert revoked.status_code == 204
    assert stranger.get("/v1/me", headers={"X-API-Key": key["key"]}).status_code == 401
    assert client.delete(path).status_code == 404


def test_only_an_admin_gives_a_key_the_powers_of_one(
    client: TestClient, gateway: FakeGateway
) -> None:
    refused = client.post("/v1/me/api-keys", json={"name": "root", "scopes": ["admin"]})
    with gateway.client(SOMEBODY_ELSE, role="admin") as admin:
        plain = {"X-API-Key": made(admin, scopes=["read"])["key"]}
        root = {"X-API-Key": made(admin, scopes=["read", "admin"])["key"]}
    with gateway.client(user_id=None) as stranger:
        answers = [stranger.get("/v1/admin/users", headers=h).status_code for h in (plain, root)]

    assert refused.status_code == 403
    assert answers == [403, 200]


@pytest.mark.parametrize(
    "key",
    [
        "bolt_live_",
        "bolt_live_000000000000_" + "a" * 43,
        "bolt_live_../../etc_" + "a" * 43,
        "bolt_live_000000000000_" + "a" * 5_000,
    ],
)
def test_an_api_key_that_is_not_ours_is_nobody(stranger: TestClient, key: str) -> None:
    assert stranger.get("/v1/me", headers={"X-API-Key": key}).status_code == 401


def test_an_api_key_with_another_secret_is_nobody_and_not_noted_as_used(
    client: TestClient, stranger: TestClient, gateway: FakeGateway
) -> None:
    prefix = made(client)["prefix"]

    answer = stranger.get("/v1/me", headers={"X-API-Key": f"{prefix}_{'a' * 43}"})

    assert answer.status_code == 401
    assert client.get("/v1/me/api-keys").json()["items"][0]["last_used_at"] is None


def test_there_is_an_end_to_how_many_keys_one_has(client: TestClient) -> None:
    for _ in range(50):
        made(client)

    answer = client.post("/v1/me/api-keys", json={"name": "one more"})

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_admins_see_and_change_accounts_and_it_is_noted(gateway: FakeGateway) -> None:
    gateway.people.signed_in(SOMEBODY_ELSE)
    path = f"/v1/admin/users/{SOMEBODY_ELSE}"
    with gateway.client(ME, role="admin") as admin, gateway.client(SOMEBODY_ELSE) as user:
        refused = [user.get(path), user.patch(path, json={"role": "admin"})]
        refused += [user.get("/v1/admin/users"), user.get("/v1/admin/audit-log")]
        disabled = admin.patch(path, json={"disabled": True})
        out = user.get("/v1/me")
        log = admin.get("/v1/admin/audit-log", params={"action": "user.changed"}).json()["items"]
        listed = admin.get("/v1/admin/users").json()["items"]

    assert [answer.status_code for answer in refused] == [403] * 4
    assert disabled.json()["disabled_at"] is not None
    assert out.status_code == 401
    assert [(entry["actor_id"], entry["subject"]) for entry in log] == [
        (str(ME), str(SOMEBODY_ELSE))
    ]
    assert {one["user_id"] for one in listed} == {str(ME), str(SOMEBODY_ELSE)}


def test_the_last_admin_stays_one(gateway: FakeGateway) -> None:
    with gateway.client(ME, role="admin") as admin:
        answers = [
            admin.patch(f"/v1/admin/users/{ME}", json={"role": "user"}),
            admin.patch(f"/v1/admin/users/{ME}", json={"disabled": True}),
            admin.patch(f"/v1/admin/users/{UUID(int=7)}", json={"role": "user"}),
            admin.get(f"/v1/admin/users/{UUID(int=7)}"),
        ]

    assert [answer.status_code for answer in answers] == [409, 409, 404, 404]


def test_a_disabled_account_does_not_sign_in_and_looks_like_none(
    stranger: TestClient, gateway: FakeGateway
) -> None:
    signed_in(stranger)
    user, _ = gateway.people.rows[ANA["email"]]
    gateway.people._set(user.user_id, disabled_at=datetime.now(UTC))

    answer = stranger.post("/v1/auth/token", data=FORM)

    assert answer.status_code == 401
    assert answer.json()["detail"] == "no account has this email address and password"


def test_who_one_is_goes_by_what_one_may_do_now(gateway: FakeGateway) -> None:
    with gateway.client(ME) as client:
        client.get("/v1/me")
        gateway.people._set(ME, role="admin")

        me, refused = client.get("/v1/me"), client.get("/v1/admin/dead-letters")

    assert (me.json()["role"], refused.status_code) == ("user", 403)


def test_the_role_in_a_token_is_what_nobody_believes() -> None:
    tokens = Tokens("s" * 32, timedelta(minutes=15))
    gateway = FakeGateway(tokens=tokens)
    me = gateway.people.signed_in(ME)
    boastful = tokens.issue(type(me)(ME, "admin", session_id=me.session_id))

    with gateway.client(user_id=None) as client:
        answer = client.get("/v1/admin/users", headers=bearer(boastful))

    assert answer.status_code == 403
