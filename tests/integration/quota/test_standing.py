from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from shared.providers import tts
from shared.quota import Key, circuits
from shared.quota.ledger import Candidate, Granted, Ledger
from shared.quota.limits import Limits
from shared.quota.outcomes import UNREACHABLE
from shared.quota.standing import Standings
from shared.quota.stored import StoredKey, place

pytestmark = pytest.mark.connected

ANA, BOB = uuid4(), uuid4()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        yield redis
        await redis.flushdb()


async def fail_often(redis_url: str, provider: str) -> None:
    ledger = Ledger(provider, redis_url=redis_url, lease_seconds=30)
    given = Key("p", SecretStr("k"))
    for number in range(5):
        answer = await ledger.acquire(
            f"l{number}", [Candidate(given, Limits())], model="m", tokens=0, longest=1
        )
        assert isinstance(answer, Granted)
        change = circuits.change(UNREACHABLE)
        await ledger.settle(f"l{number}", given, model="m", change=change)
    await ledger.aclose()


async def test_a_provider_whose_circuit_is_open_is_unwell(redis: Redis, redis_url: str) -> None:
    await fail_often(redis_url, "google")
    standings = Standings(("google", "gemini"), redis_url)

    standing = await standings.now()

    assert set(standing.unwell) == {"google"}
    assert "circuit is open" in standing.unwell["google"]
    assert "unreachable" in standing.unwell["google"]
    await standings.aclose()


async def test_a_users_own_key_makes_a_provider_theirs_alone(
    redis: Redis, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GOOGLE_TTS_API_KEYS", "GOOGLE_TTS_ENDPOINT", "GEMINI_API_KEYS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("KEYS_KEK", "old:" + "b29vb29vb29vb29vb29vb29vb29vb29vb29vb29vb28=")
    stored = StoredKey(str(ANA), "p", "9f86d081", "sealed").to_json()
    await redis.hset(place("google"), "k1", stored)

    async with tts.presence(redis_url) as presence:
        hers, his = await presence(ANA), await presence(BOB)

    assert hers.providers[0] == "google"
    assert "google" not in his.providers


async def test_without_redis_nothing_is_assumed(caplog: pytest.LogCaptureFixture) -> None:
    standings = Standings(("google",), "redis://127.0.0.1:1/0")

    standing = await standings.now()

    assert (standing.unwell, standing.keyed(str(ANA))) == ({}, frozenset())
    assert "is not known" in caplog.text
    await standings.aclose()
