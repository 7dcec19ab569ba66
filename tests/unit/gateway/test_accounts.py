from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi.testclient import TestClient

from services.gateway.tokens import Tokens
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway
from tests.support.signing_in import ANA, FORM, bearer, signed_in


def test_a_demoted_admin_is_none_though_the_token_says_so(gateway: FakeGateway) -> None:
    with gateway.client(ME, role="admin") as client:
        gateway.people._set(ME, role="user")

        assert client.get("/v1/admin/users").status_code == 403


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
