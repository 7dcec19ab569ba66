"""A refresh reaches every service, outlives Redis, and is undone by the next."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from services.gateway.store.database import Database
from services.gateway.store.voices import VoiceMirror, VoiceStore
from services.gateway.tokens import Principal
from services.gateway.voice_refresh import VoiceRefresh
from shared import catalogue
from shared.catalogue import Voice
from shared.errors import InvalidRequestError
from shared.postgres import open_pool
from shared.runtime.voices import HASH, VERSION, VoiceNews

pytestmark = pytest.mark.connected

ADMIN = Principal(uuid4(), "admin")
CLASSIC = tuple(voice for voice in catalogue.voices(provider="google") if not voice.model)
NEW = replace(CLASSIC[0], id="pt-PT-Chirp3-HD-Kore", language="pt-PT", family="chirp3-hd")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    catalogue.install(())


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as redis:
        yield redis
        await redis.delete(HASH, VERSION)


@asynccontextmanager
async def another_service(redis_url: str) -> AsyncIterator[None]:
    first = asyncio.Event()
    following = asyncio.create_task(VoiceNews(redis_url).follow(first))
    await first.wait()
    yield
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def listed(_: str) -> tuple[Voice, ...]:
    return (*CLASSIC, NEW)


async def test_every_service_knows_also_after_redis_forgot(
    database_url: str, redis: Redis, redis_url: str
) -> None:
    async with open_pool(database_url) as pool:
        store = VoiceStore(Database(pool))
        gateway = VoiceRefresh(store, VoiceMirror(redis, (HASH, VERSION)), listed)

        changes = await gateway.refresh(ADMIN, "google")
        await redis.delete(HASH, VERSION)
        await gateway.spread()

    assert changes.added == (NEW.id,)
    catalogue.install(())
    with pytest.raises(InvalidRequestError):
        catalogue.voice(NEW.id)
    async with another_service(redis_url):
        assert catalogue.voice(NEW.id).language == "pt-PT"


async def test_what_cannot_be_read_changes_nothing(redis: Redis, redis_url: str) -> None:
    await redis.hset(HASH, "google", '[{"later": 1}]')
    await redis.set(VERSION, "from a newer gateway")

    async with another_service(redis_url):
        assert catalogue.voice(CLASSIC[0].id) == CLASSIC[0]
