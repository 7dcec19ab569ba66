import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.artefacts import Artefacts, Shelf, Shelved
from shared.providers.storage.local import LocalStorage

pytestmark = pytest.mark.connected

FLAC = "audio/flac"


@pytest.fixture
async def room(redis_url: str, tmp_path: Path) -> AsyncIterator[Artefacts]:
    async with Artefacts(LocalStorage(tmp_path), redis_url=redis_url) as opened:
        await opened.redis.flushdb()
        yield opened


def shelf(room: Artefacts, grace: float = 0.0) -> Shelf:
    return Shelf(room.storage, room.redis, grace_seconds=grace)


async def spoken(room: Artefacts, name: str, *, size: int = 100) -> bool:
    async def make() -> bytes:
        return b"x" * size

    found = await room.once("speech", name, make, media_type=FLAC, provider="google")
    return found.fresh


async def age(redis: Redis, name: str, seconds: float) -> None:
    await redis.zincrby("bolt:speech:used", -seconds, f"speech/{name[:2]}/{name}")


async def test_what_was_not_used_for_longest_goes_first(room: Artefacts) -> None:
    for at, name in enumerate(("old", "middle", "new")):
        await spoken(room, name)
        await age(room.redis, name, 100 - at)
    await spoken(room, "middle")

    removed = await shelf(room).tidy(limit_bytes=250)

    again = [await spoken(room, name) for name in ("middle", "new", "old")]
    assert (removed, again) == (1, [False, False, True])


async def test_what_is_kept_is_counted(room: Artefacts) -> None:
    await spoken(room, "one")
    await spoken(room, "one")
    await spoken(room, "two", size=50)
    await age(room.redis, "two", 100)
    await shelf(room).tidy(limit_bytes=100)

    (found,) = await shelf(room).stats()

    assert found == Shelved("google", entries=1, bytes=100, hits=1, misses=2, evicted=1)


async def test_what_a_job_may_hold_stays_however_much_there_is(room: Artefacts) -> None:
    await spoken(room, "held")
    await shelf(room).clear()

    removed = await shelf(room, grace=60).tidy(limit_bytes=0)

    assert (removed, await spoken(room, "held")) == (0, False)


async def test_clearing_removes_speech_and_nothing_that_jobs_refer_to(room: Artefacts) -> None:
    audio = await room.put("audio", b"finished", media_type="audio/mpeg")
    for name in ("one", "two"):
        await spoken(room, name)
        await age(room.redis, name, 10)
    await shelf(room).clear()

    removed = await shelf(room).tidy(limit_bytes=10_000)

    assert (removed, await spoken(room, "one")) == (2, True)
    assert await room.get(audio) == b"finished"


async def test_what_redis_forgot_is_found_in_the_store_again(room: Artefacts) -> None:
    await spoken(room, "forgotten")
    await room.redis.flushdb()

    await shelf(room).tidy(limit_bytes=10_000)

    (found,) = await shelf(room).stats()
    assert (found.provider, found.entries, found.bytes) == ("", 1, 100)


async def test_speech_that_is_wanted_while_it_goes_is_there_for_whom_wants_it(
    room: Artefacts,
) -> None:
    async def want(name: str) -> bytes:
        async def make() -> bytes:
            return b"x" * 100

        found = await room.once("speech", name, make, media_type=FLAC, provider="google")
        return await room.get(found.ref)

    names = [uuid4().hex for _ in range(20)]
    for name in names:
        await spoken(room, name)
        await age(room.redis, name, 100)

    # Whatever was used in between is used by a job, which holds it for a while.
    results = await asyncio.gather(
        shelf(room, grace=50).tidy(limit_bytes=0), *(want(name) for name in names)
    )

    assert results[1:] == [b"x" * 100] * 20
