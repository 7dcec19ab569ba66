import pytest
from fastapi.testclient import TestClient

from services.gateway.api_keys import MintedKey
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway


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
