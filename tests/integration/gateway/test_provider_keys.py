import asyncio
import base64
import json
import logging
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from services.gateway.errors import ConflictError, NotFoundError
from services.gateway.provider_keys import NewKey, ProviderKeys
from services.gateway.store.database import Database
from services.gateway.store.provider_keys import KeyMirror, ProviderKeyStore
from services.gateway.tokens import Principal
from shared import quota
from shared.postgres import open_pool
from shared.quota import Pool
from tests.support.gateway import FakeProviders, vault_of
from tests.support.waiting import until

pytestmark = pytest.mark.connected

ANA, BOB = Principal(uuid4(), "user"), Principal(uuid4(), "user")
ADMIN = Principal(uuid4(), "admin")
SECRET = "AIzaSy-of-ana"
HASH = "bolt:keys:gemini"
SECONDS = 5.0


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        yield redis
        await redis.delete(HASH)


@pytest.fixture
async def keys(database_url: str, redis: Redis) -> AsyncIterator[ProviderKeys]:
    async with open_pool(database_url) as pool:
        store = ProviderKeyStore(Database(pool))
        yield ProviderKeys(store, KeyMirror(redis), vault_of("old"), FakeProviders().check)


@pytest.fixture
async def pool(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pool]:
    """Return a stage's pool, as `create` makes it."""
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("KEYS_KEK", "old:" + base64.b64encode(b"o" * 32).decode())
    monkeypatch.setenv("QUOTA_LIMITS", '{"*": {}}')
    pool = quota.create("gemini", quota.parse("env:ENV"))
    yield pool
    await pool.aclose()


async def served(pool: Pool, who: Principal) -> str:
    async with pool.lease("flash", user=str(who.user_id)) as lease:
        return lease.key.secret.get_secret_value()


async def served_by(pool: Pool, who: Principal, secret: str) -> float:
    """Return how long it takes until `who` is served with `secret`."""
    start = time.monotonic()

    async def ask() -> bool:
        return await served(pool, who) == secret

    await until(ask, seconds=SECONDS)
    return time.monotonic() - start


def new(secret: str = SECRET, *, for_everyone: bool = False) -> NewKey:
    return NewKey(
        provider="gemini", project="p", secret=SecretStr(secret), for_everyone=for_everyone
    )


async def test_a_stage_takes_up_a_new_key_for_its_owner_and_drops_it_when_disabled(
    keys: ProviderKeys, pool: Pool
) -> None:
    assert await served(pool, ANA) == "ENV"

    key = await keys.add(ANA, new())
    await served_by(pool, ANA, SECRET)
    others = {await served(pool, BOB) for _ in range(20)}
    await keys.switch(ANA, key.key_id, enabled=False)
    await served_by(pool, ANA, "ENV")

    assert others == {"ENV"}


async def test_a_key_of_the_installation_serves_everybody(keys: ProviderKeys, pool: Pool) -> None:
    await keys.add(ADMIN, new("AIzaSy-shared", for_everyone=True))

    await served_by(pool, ANA, "AIzaSy-shared")
    await served_by(pool, BOB, "AIzaSy-shared")


async def test_a_ciphertext_given_to_another_owner_serves_nobody(
    keys: ProviderKeys, pool: Pool, redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    key = await keys.add(ANA, new())
    stored = json.loads(await redis.hget(HASH, str(key.key_id)) or b"")
    stolen = json.dumps({**stored, "user_id": str(BOB.user_id)})
    await redis.hset(HASH, str(key.key_id), stolen)

    # Whatever an earlier test of this process has set up for its logs.
    with caplog.at_level(logging.WARNING, logger="shared.quota.stored"):
        served_with = {await served(pool, who) for who in (ANA, BOB)}

    assert served_with == {"ENV"}
    assert "does not open" in caplog.text


async def test_an_emptied_redis_is_filled_again(keys: ProviderKeys, redis: Redis) -> None:
    key = await keys.add(ANA, new())
    await redis.delete(HASH)

    await keys.spread()

    assert await redis.hkeys(HASH) == [str(key.key_id).encode()]


async def test_gateways_that_spread_at_once_do_not_bring_a_disabled_key_back(
    keys: ProviderKeys, redis: Redis
) -> None:
    for number in range(5):
        key = await keys.add(ANA, new(f"{SECRET}-{number}"))

        spreading = [asyncio.create_task(keys.spread()) for _ in range(5)]
        await keys.switch(ANA, key.key_id, enabled=False)
        await asyncio.gather(*spreading)

        assert await redis.hkeys(HASH) == []


async def test_the_table_keeps_owners_apart_and_nothing_in_the_clear(keys: ProviderKeys) -> None:
    mine = await keys.add(ANA, new())
    theirs = await keys.add(BOB, new())
    with pytest.raises(ConflictError):
        await keys.add(ANA, new())
    with pytest.raises(NotFoundError):
        await keys.switch(BOB, mine.key_id, enabled=False)
    await keys.add(ADMIN, new(for_everyone=True))
    with pytest.raises(ConflictError):
        await keys.add(ADMIN, new(for_everyone=True))

    await keys.remove(ANA, theirs.key_id)
    await keys.remove(ANA, mine.key_id)

    assert await keys.all(ANA) == []
    assert [key.key_id for key in await keys.all(BOB)] == [theirs.key_id]
    assert SECRET not in str(await keys.store.sealed())


async def test_spreading_seals_the_table_anew(keys: ProviderKeys, redis: Redis) -> None:
    await keys.add(ANA, new())

    await ProviderKeys(
        keys.store, KeyMirror(redis), vault_of("new", "old"), FakeProviders().check
    ).spread()

    ((_, sealed),) = await keys.store.sealed()
    assert sealed.startswith("v1:new:")
