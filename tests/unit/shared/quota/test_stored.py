import json
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from shared.quota import Answer, NoKeyError, ProviderError, classify
from shared.quota.stored import EVERYBODY, FRESH_SECONDS, StoredKey, StoredKeys, seal
from tests.support.gateway import vault_of
from tests.support.quota import FakeLedger, pool_of

ANA, BOB = "ana", "bob"
VAULT = vault_of("old")


def record(owner: str, secret: str, project: str = "alpha", provider: str = "gemini") -> str:
    """Return a field and a value, as `field=value`; the secret sealed for its owner."""
    key_id = str(uuid4())
    sealed = seal(VAULT, SecretStr(secret), owner=owner, provider=provider, key_id=key_id)
    return f"{key_id}={StoredKey(owner, project, 'id', sealed).to_json()}"


class Desk:
    def __init__(self, *records: str, keys: str = "env:ENV", vault: Any = VAULT) -> None:
        self.ledger = FakeLedger()
        self.ledger.sealed = dict(each.split("=", 1) for each in records)
        self.now = 0.0
        stored = StoredKeys("gemini", self.ledger.stored, vault, clock=lambda: self.now)
        self.pool = pool_of(self.ledger, keys, stored)

    async def secret(self, user: str) -> str:
        async with self.pool.lease("flash", user=user) as lease:
            return lease.key.secret.get_secret_value()


async def test_a_users_key_serves_that_user_first_and_nobody_else() -> None:
    desk = Desk(record(ANA, "ANA-KEY"))

    assert {await desk.secret(ANA) for _ in range(4)} == {"ANA-KEY"}
    assert {await desk.secret(user) for user in (BOB, EVERYBODY) for _ in range(4)} == {"ENV"}


async def test_a_key_of_the_installation_serves_everybody_beside_the_environments() -> None:
    desk = Desk(record(EVERYBODY, "SHARED"))

    assert {await desk.secret(user) for user in (ANA, BOB) for _ in range(4)} == {"SHARED", "ENV"}


async def test_equal_project_names_of_two_users_are_two_quotas() -> None:
    desk = Desk(record(ANA, "ANA-KEY"), record(BOB, "BOB-KEY"))

    projects = []
    for user in (ANA, BOB):
        async with desk.pool.lease("flash", user=user) as lease:
            projects.append(lease.project)

    assert projects == ["ana:alpha", "bob:alpha"]


async def test_the_environment_serves_where_a_users_own_key_is_refused() -> None:
    desk = Desk(record(ANA, "ANA-KEY"))
    refused = ProviderError(classify(Answer(code=403)), "no")

    with pytest.raises(ProviderError):
        async with desk.pool.lease("flash", user=ANA):
            raise refused

    assert await desk.secret(ANA) == "ENV"


async def test_where_nothing_else_is_configured_a_refused_own_key_is_the_end() -> None:
    desk = Desk(record(ANA, "ANA-KEY"), keys="")
    with pytest.raises(ProviderError):
        async with desk.pool.lease("flash", user=ANA):
            raise ProviderError(classify(Answer(code=403)), "no")

    with pytest.raises(NoKeyError):
        await desk.secret(ANA)

    assert await desk.secret(BOB) == ""


async def test_a_key_that_vanished_is_not_handed_out_after_a_moment() -> None:
    desk = Desk(record(ANA, "ANA-KEY"))
    before = await desk.secret(ANA)

    desk.ledger.sealed = {}
    desk.now += FRESH_SECONDS

    assert (before, await desk.secret(ANA)) == ("ANA-KEY", "ENV")


async def test_a_record_moved_to_another_owner_or_provider_does_not_open(
    caplog: pytest.LogCaptureFixture,
) -> None:
    key_id, _, text = record(ANA, "ANA-KEY").partition("=")
    stolen = json.dumps({**json.loads(text), "user_id": BOB})
    foreign = record(BOB, "GOOGLE-KEY", provider="google")
    desk = Desk(f"{key_id}={stolen}", foreign, "broken=[]")

    assert {await desk.secret(user) for user in (ANA, BOB)} == {"ENV"}
    assert caplog.text.count("is left out") == 3
    assert "ANA-KEY" not in caplog.text


async def test_without_a_vault_only_the_environment_serves_and_that_is_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk = Desk(record(ANA, "ANA-KEY"), vault=None)

    for _ in range(3):
        desk.now += FRESH_SECONDS
        assert await desk.secret(ANA) == "ENV"

    assert caplog.text.count("KEYS_KEK is not set here") == 1
