import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.artefacts import Artefacts, fingerprint
from shared.artefacts.lease import LEASE_SECONDS
from shared.errors import InvalidRequestError, RefusedError
from shared.providers.storage.local import LocalStorage
from tests.support.waiting import until

pytestmark = pytest.mark.connected

PLAIN = "text/plain"

# Another process that wants the same thing: says when it starts making it, and takes a while.
MAKER = """
import asyncio, sys
from pathlib import Path
from shared.artefacts import Artefacts
from shared.providers.storage.local import LocalStorage

async def main(root, redis, name, seconds):
    async def make():
        with open(Path(root) / "calls", "a") as calls:
            calls.write(name + chr(10))
        await asyncio.sleep(float(seconds))
        return name.encode()
    async with Artefacts(LocalStorage(Path(root) / "store"), redis_url=redis) as room:
        await room.once("script", name, make, media_type="text/plain")

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
async def room(redis_url: str, tmp_path: Path) -> AsyncIterator[Artefacts]:
    async with Artefacts(LocalStorage(tmp_path / "store"), redis_url=redis_url) as opened:
        yield opened


@pytest.fixture
def name() -> str:
    return fingerprint("script/1", title=uuid4().hex)


def maker(tmp_path: Path, redis_url: str, name: str, seconds: float) -> subprocess.Popen[bytes]:
    arguments = [str(tmp_path), redis_url, name, str(seconds)]
    return subprocess.Popen([sys.executable, "-c", MAKER, *arguments])


def calls(tmp_path: Path) -> int:
    file = tmp_path / "calls"
    return len(file.read_text().splitlines()) if file.exists() else 0


async def called(tmp_path: Path, times: int) -> None:
    async def enough() -> bool:
        return calls(tmp_path) >= times

    await until(enough)


class Counted:
    def __init__(self, seconds: float = 0.0, error: Exception | None = None) -> None:
        self.calls = 0
        self._seconds = seconds
        self._error = error

    async def __call__(self) -> bytes:
        self.calls += 1
        await asyncio.sleep(self._seconds)
        if self._error:
            raise self._error
        return b"text"


async def test_is_made_once_and_found_afterwards(room: Artefacts, name: str) -> None:
    make = Counted()

    first = await room.once("script", name, make, media_type=PLAIN)
    second = await room.once("script", name, make, media_type=PLAIN)

    assert (first.fresh, second.fresh, make.calls) == (True, False, 1)
    assert first.ref == second.ref
    assert await room.get(first.ref) == b"text"


async def test_many_at_once_share_one_making(room: Artefacts, name: str) -> None:
    make = Counted(seconds=0.2)

    asked = [room.once("script", name, make, media_type=PLAIN) for _ in range(50)]
    artefacts = await asyncio.gather(*asked)

    assert make.calls == 1
    assert sum(artefact.fresh for artefact in artefacts) == 1


async def test_four_processes_share_one_making(
    room: Artefacts, tmp_path: Path, redis_url: str, name: str
) -> None:
    processes = [maker(tmp_path, redis_url, name, 1.0) for _ in range(4)]

    ends = [await asyncio.to_thread(process.wait, 60) for process in processes]

    assert ends == [0] * 4
    assert calls(tmp_path) == 1


async def test_what_a_killed_process_was_making_is_made_by_another(
    room: Artefacts, tmp_path: Path, redis_url: str, name: str
) -> None:
    victim = maker(tmp_path, redis_url, name, 600)
    await called(tmp_path, 1)
    victim.send_signal(signal.SIGKILL)
    victim.wait(10)
    began = time.monotonic()

    artefact = await room.once("script", name, Counted(), media_type=PLAIN)

    assert artefact.fresh
    assert time.monotonic() - began < LEASE_SECONDS + 5


async def test_a_slow_maker_keeps_its_lease(
    room: Artefacts, tmp_path: Path, redis_url: str, name: str
) -> None:
    slow = maker(tmp_path, redis_url, name, LEASE_SECONDS + 3)
    await called(tmp_path, 1)
    make = Counted()

    artefact = await room.once("script", name, make, media_type=PLAIN)

    assert (artefact.fresh, make.calls) == (False, 0)
    assert slow.wait(10) == 0


async def test_losing_all_of_redis_buys_nothing_twice(
    room: Artefacts, redis_url: str, name: str
) -> None:
    make = Counted()
    first = await room.once("script", name, make, media_type=PLAIN)
    async with Redis.from_url(redis_url) as redis:
        await redis.flushall()

    again = await room.once("script", name, make, media_type=PLAIN)

    assert (again.ref, make.calls) == (first.ref, 1)


async def test_a_failure_is_not_remembered(room: Artefacts, name: str) -> None:
    with pytest.raises(RefusedError):
        await room.once("script", name, Counted(error=RefusedError("no")), media_type=PLAIN)

    assert (await room.once("script", name, Counted(), media_type=PLAIN)).fresh


async def test_who_waits_takes_over_when_who_makes_is_cut_off(room: Artefacts, name: str) -> None:
    make = Counted(seconds=0.3)
    first = asyncio.create_task(room.once("script", name, make, media_type=PLAIN))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(room.once("script", name, make, media_type=PLAIN))
    await asyncio.sleep(0.1)

    first.cancel()

    assert (await second).fresh
    assert make.calls == 2
    assert first.cancelled() or await asyncio.wait([first])


async def test_parts_are_stored_under_their_own_hash(room: Artefacts) -> None:
    one = await room.put("subtitles", b"WEBVTT", media_type="text/vtt")
    two = await room.put("subtitles", b"WEBVTT", media_type="text/vtt")

    assert one == two


async def test_an_object_that_was_tampered_with_is_refused(room: Artefacts, tmp_path: Path) -> None:
    ref = await room.put("subtitles", b"WEBVTT", media_type="text/vtt")
    (tmp_path / "store" / ref.key).write_bytes(b"other")

    with pytest.raises(InvalidRequestError, match="not the one"):
        await room.get(ref)


async def test_an_object_that_nobody_uses_is_removed(room: Artefacts, name: str) -> None:
    made = await room.once("script", name, Counted(), media_type=PLAIN)
    nothing = timedelta(0)

    before = await room.discard(made.ref.key, grace=nothing)
    await room.hide(made.ref.key)
    lately = await room.discard(made.ref.key, grace=timedelta(hours=1))
    used = await room.once("script", name, Counted(), media_type=PLAIN)
    meanwhile = await room.discard(made.ref.key, grace=nothing)
    await room.hide(made.ref.key)
    gone = await room.discard(made.ref.key, grace=nothing)
    again = await room.discard(made.ref.key, grace=nothing)

    assert (before, lately, meanwhile, gone, again) == (False, False, False, True, True)
    assert not used.fresh
    assert await room.storage.head(made.ref.key) is None
    assert (await room.once("script", name, Counted(), media_type=PLAIN)).fresh
