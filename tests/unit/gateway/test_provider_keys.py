import logging
from typing import Any

import pytest
from fastapi.testclient import TestClient

from services.gateway.provider_keys import MOST_KEYS, ProviderKeys
from shared.errors import RefusedError
from shared.providers.tts import Checked
from shared.quota import Action, Scope, Verdict
from tests.support.gateway import ME, SOMEBODY_ELSE, FakeGateway, FakeProviders, vault_of

SECRET = "AIzaSy-very-secret-key"


def added(client: TestClient, key: str = SECRET, **changes: Any) -> dict[str, Any]:
    answer = client.post("/v1/me/keys", json={"provider": "gemini", "key": key, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_key_is_kept_sealed_and_never_shown(
    client: TestClient, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    key = added(client, project="alpha")
    listed = client.get("/v1/me/keys").text

    assert (key["provider"], key["project"], key["enabled"]) == ("gemini", "alpha", True)
    assert key["identity"] in listed
    seen = f"{key} {listed} {gateway.provider_keys.rows} {gateway.mirror.hashes} {caplog.text}"
    assert SECRET not in seen
    assert list(gateway.mirror.hashes["bolt:keys:gemini"]) == [key["key_id"]]
    assert gateway.mirror.hashes["bolt:keys:google"] == {}


def test_a_key_of_no_project_is_a_project_of_its_own(client: TestClient) -> None:
    key = added(client)

    assert key["project"] == key["identity"]


def test_without_a_vault_it_says_which_setting_is_missing(gateway: FakeGateway) -> None:
    gateway.vault = None

    with gateway.client() as client:
        answer = client.post("/v1/me/keys", json={"provider": "gemini", "key": SECRET})
        listed = client.get("/v1/me/keys")

    assert (answer.status_code, answer.json()["code"]) == (503, "not_configured")
    assert "KEYS_KEK" in answer.json()["detail"]
    assert listed.json() == {"items": []}


@pytest.mark.parametrize(
    "body",
    [
        {"provider": "gemini", "key": "short"},
        {"provider": "gemini", "key": f"{SECRET}\r\nX-Other: 1"},
        {"provider": "gemini", "key": f"{SECRET} é"},
        {"provider": "nobody", "key": SECRET},
        {"provider": "gemini", "key": SECRET, "project": "a:b"},
        {"provider": "gemini", "key": [SECRET]},
        {"provider": "gemini", "key": SECRET, "extra": SECRET},
    ],
)
def test_what_is_refused_is_not_repeated(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post("/v1/me/keys", json=body)

    assert answer.status_code == 422
    assert SECRET not in answer.text


def test_the_same_key_twice_is_a_conflict(client: TestClient) -> None:
    added(client)

    answer = client.post("/v1/me/keys", json={"provider": "gemini", "key": SECRET})

    assert answer.status_code == 409
    assert SECRET not in answer.text


def test_nobody_has_more_keys_than_can_be_weighed(client: TestClient) -> None:
    for number in range(MOST_KEYS):
        added(client, f"{SECRET}{number}")

    answer = client.post("/v1/me/keys", json={"provider": "gemini", "key": SECRET})

    assert answer.status_code == 409


def test_a_disabled_key_is_taken_from_the_stages_until_it_is_enabled(
    client: TestClient, gateway: FakeGateway
) -> None:
    path = f"/v1/me/keys/{added(client)['key_id']}"

    disabled = client.patch(path, json={"enabled": False}).json()
    while_disabled = gateway.mirror.hashes["bolt:keys:gemini"]
    client.patch(path, json={"enabled": True})

    assert disabled["enabled"] is False
    assert while_disabled == {}
    assert len(gateway.mirror.hashes["bolt:keys:gemini"]) == 1


def test_a_removed_key_is_gone(client: TestClient, gateway: FakeGateway) -> None:
    path = f"/v1/me/keys/{added(client)['key_id']}"

    answers = [client.delete(path).status_code for _ in range(2)]

    assert answers == [204, 204]
    assert not gateway.provider_keys.rows
    assert gateway.mirror.hashes["bolt:keys:gemini"] == {}


def test_somebody_elses_key_is_out_of_reach(client: TestClient, gateway: FakeGateway) -> None:
    path = f"/v1/me/keys/{added(client)['key_id']}"

    with gateway.client(SOMEBODY_ELSE) as other:
        listed = other.get("/v1/me/keys").json()
        changed = other.patch(path, json={"enabled": False}).status_code
        other.delete(path)

    assert (listed, changed) == ({"items": []}, 404)
    assert len(gateway.mirror.hashes["bolt:keys:gemini"]) == 1


def test_only_an_admin_adds_a_key_for_everybody(client: TestClient, gateway: FakeGateway) -> None:
    body = {"provider": "google", "key": SECRET, "for_everyone": True}

    refused = client.post("/v1/me/keys", json=body)
    with gateway.client(SOMEBODY_ELSE, role="admin") as admin:
        key = admin.post("/v1/me/keys", json=body).json()

    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert key["user_id"] is None
    assert client.get("/v1/me/keys").json() == {"items": []}


def test_a_redis_that_is_away_does_not_lose_a_new_key_and_tells_of_a_disabled_one(
    client: TestClient, gateway: FakeGateway
) -> None:
    gateway.mirror.away = True

    key = added(client)
    disabled = client.patch(f"/v1/me/keys/{key['key_id']}", json={"enabled": False})

    assert disabled.status_code == 503


def test_a_stranger_has_no_keys(stranger: TestClient) -> None:
    assert stranger.get("/v1/me/keys").status_code == 401


async def test_spreading_seals_anew_under_the_current_key(
    client: TestClient, gateway: FakeGateway
) -> None:
    key = added(client)
    keys = ProviderKeys(
        gateway.provider_keys, gateway.mirror, vault_of("new", "old"), FakeProviders().check
    )

    await keys.spread()

    ((_, sealed),) = gateway.provider_keys.rows.values()
    assert sealed.startswith("v1:new:")
    assert sealed in gateway.mirror.hashes["bolt:keys:gemini"][key["key_id"]]
    name = f"gemini/{key['key_id']}"
    opened = vault_of("new").open(sealed, owner=str(ME), key_id=name)
    assert opened.get_secret_value() == SECRET
    with pytest.raises(RefusedError):
        vault_of("new").open(sealed, owner=str(SOMEBODY_ELSE), key_id=name)


async def test_a_key_under_a_lost_kek_is_left_out(
    client: TestClient, gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    key = added(client)
    keys = ProviderKeys(
        gateway.provider_keys, gateway.mirror, vault_of("new"), FakeProviders().check
    )

    await keys.spread()

    assert gateway.mirror.hashes["bolt:keys:gemini"] == {}
    assert key["key_id"] in caplog.text


def test_a_key_is_tested_at_its_provider(client: TestClient, gateway: FakeGateway) -> None:
    key = added(client)

    found = client.post(f"/v1/me/keys/{key['key_id']}/test").json()

    assert (found["works"], found["action"], found["reason"]) == (True, "none", "")
    assert gateway.providers.secrets == [("gemini", SECRET)]


def test_a_key_that_is_refused_says_what_was_said(client: TestClient, gateway: FakeGateway) -> None:
    verdict = Verdict(Action.DISABLE, "key_invalid", Scope.KEY)
    gateway.providers.checked = Checked(verdict, "gemini 400: API key not valid")
    key = added(client)

    answer = client.post(f"/v1/me/keys/{key['key_id']}/test")

    found = answer.json()
    assert (found["works"], found["action"]) == (False, "disable")
    assert (found["reason"], found["scope"]) == ("key_invalid", "key")
    assert found["said"] == "gemini 400: API key not valid"
    assert SECRET not in answer.text


def test_nobody_tests_the_key_of_another(client: TestClient, gateway: FakeGateway) -> None:
    key = added(client)

    with gateway.client(SOMEBODY_ELSE) as other:
        answer = other.post(f"/v1/me/keys/{key['key_id']}/test")

    assert answer.status_code == 404
    assert gateway.providers.secrets == []


def test_a_key_that_does_not_open_is_not_tried(client: TestClient, gateway: FakeGateway) -> None:
    key = added(client)
    gateway.vault = vault_of("new")

    with gateway.client() as after:
        answer = after.post(f"/v1/me/keys/{key['key_id']}/test")

    assert (answer.status_code, answer.json()["code"]) == (503, "not_configured")
