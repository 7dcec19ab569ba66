import asyncio
import json
import signal
import statistics
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from shared.quota import Limits, Pool, Settings, parse
from shared.quota.ledger import Ledger
from tests.support.waiting import until

pytestmark = pytest.mark.connected

# A minute of ten seconds.
WINDOW = 10.0
RPM = 200
PROJECTS = ("alpha", "beta")

# Another process that calls as fast as it is let, and writes down each call's project and time.
CALLER = """
import asyncio, sys, time
from shared.quota import Limits, Pool, Settings, parse
from shared.quota.ledger import Ledger

async def main(redis, provider, file, window, rpm, seconds):
    limits = Limits(rpm=int(rpm), concurrency=32, window_seconds=float(window))
    settings = Settings(quota_limits={"*": limits})
    ledger = Ledger(provider, redis_url=redis, lease_seconds=2)
    pool = Pool(provider, parse("alpha:one,beta:two"), ledger, settings)
    end = time.monotonic() + float(seconds)
    with open(file, "w") as out:
        async def work():
            while time.monotonic() < end:
                async with pool.lease("flash") as lease:
                    print(lease.project, time.monotonic(), file=out, flush=True)
                    await asyncio.sleep(0.05)
        await asyncio.gather(*(work() for _ in range(16)))
    await pool.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


def pool_of(redis_url: str, limits: Limits, provider: str = "", lease_seconds: float = 2) -> Pool:
    provider = provider or uuid4().hex
    settings = Settings(quota_limits={"*": limits}, quota_lease_seconds=lease_seconds)
    ledger = Ledger(provider, redis_url=redis_url, lease_seconds=lease_seconds)
    return Pool(provider, parse("alpha:one,beta:two"), ledger, settings)


def callers(
    redis_url: str, provider: str, folder: Path, *, count: int, seconds: float, rpm: int = RPM
) -> Iterator[subprocess.Popen[bytes]]:
    for number in range(count):
        arguments = [redis_url, provider, str(folder / f"calls{number}")]
        arguments += [str(WINDOW), str(rpm), str(seconds)]
        yield subprocess.Popen([sys.executable, "-c", CALLER, *arguments])


def calls(folder: Path) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {project: [] for project in PROJECTS}
    for file in folder.glob("calls*"):
        for line in file.read_text().splitlines():
            project, moment = line.split()
            found[project].append(float(moment))
    return {project: sorted(moments) for project, moments in found.items()}


def most_in_any_window(moments: list[float]) -> int:
    return max(
        bisect_left(moments, moment + WINDOW) - number for number, moment in enumerate(moments)
    )


async def test_four_processes_use_two_projects_fully_and_breach_neither(
    redis_url: str, tmp_path: Path
) -> None:
    running = list(callers(redis_url, uuid4().hex, tmp_path, count=4, seconds=2.5 * WINDOW))
    for process in running:
        assert await asyncio.to_thread(process.wait, 60) == 0

    made = calls(tmp_path)
    began = max(moments[0] for moments in made.values())
    # Whole windows after the start: what a provider's counter would have shown.
    used = {
        project: sum(began <= moment < began + 2 * WINDOW for moment in moments) / (2 * RPM)
        for project, moments in made.items()
    }
    assert all(most_in_any_window(moments) <= RPM for moments in made.values())
    assert all(share >= 0.95 for share in used.values()), used


async def test_the_place_of_a_killed_process_comes_back(redis_url: str, tmp_path: Path) -> None:
    provider = uuid4().hex
    (process,) = callers(redis_url, provider, tmp_path, count=1, seconds=60, rpm=0)

    async def calling() -> bool:
        return sum(map(len, calls(tmp_path).values())) >= 32

    await until(calling)
    process.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.wait)
    # All that were held are held still, by nobody.
    pool = pool_of(redis_url, Limits(concurrency=1), provider)
    began = time.monotonic()
    async with pool.lease("flash"), pool.lease("flash"):
        waited = time.monotonic() - began
    await pool.aclose()

    assert 0.5 < waited < 5


async def test_a_long_call_keeps_its_place(redis_url: str) -> None:
    pool = pool_of(redis_url, Limits(concurrency=1), lease_seconds=0.6)
    held = 0

    async def call() -> None:
        nonlocal held
        async with pool.lease("flash"):
            held += 1
            assert held <= len(PROJECTS)
            await asyncio.sleep(1.5)
            held -= 1

    await asyncio.gather(*(call() for _ in range(4)))
    await pool.aclose()


async def test_a_batch_of_three_is_not_stuck_behind_two_thousand(redis_url: str) -> None:
    pool = pool_of(redis_url, Limits(rpm=3_000, window_seconds=WINDOW))
    done: list[str] = []
    begun = asyncio.Event()

    async def call(user: str) -> None:
        async with pool.lease("flash", user=user):
            done.append(user)
            begun.set()

    large = [asyncio.create_task(call("large")) for _ in range(2_000)]
    await begun.wait()
    before = len(done)
    await asyncio.gather(*(call("small") for _ in range(3)))
    after = len(done)

    for each in large:
        each.cancel()
    await asyncio.gather(*large, return_exceptions=True)
    await pool.aclose()
    assert after - before <= 10


async def test_a_lease_costs_little(redis_url: str) -> None:
    pool = pool_of(redis_url, Limits(concurrency=64))
    async with pool.lease("flash"):
        pass
    costs: list[float] = []
    for _ in range(300):
        began = time.perf_counter()
        async with pool.lease("flash"):
            pass
        costs.append(time.perf_counter() - began)
    await pool.aclose()

    # Two round trips to Redis and a little arithmetic; generous for a busy machine.
    assert statistics.median(costs) < 0.02


async def test_no_key_is_written_to_redis(redis_url: str) -> None:
    provider = uuid4().hex
    secret = f"AIza{uuid4().hex}"
    ledger = Ledger(provider, redis_url=redis_url, lease_seconds=30)
    limits = Limits(rpm=10_000, tpm=10_000, rpd=100, concurrency=8)
    pool = Pool(provider, parse(secret), ledger, Settings(quota_limits={"*": limits}))

    redis = Redis.from_url(redis_url, decode_responses=True)
    async with pool.lease("flash", tokens=10):
        dump: list[object] = []
        async for name in redis.scan_iter(f"*{provider}*"):
            kind = await redis.type(name)
            dump.append((name, await redis.object("encoding", name)))
            if kind == "hash":
                dump.append(await redis.hgetall(name))
            elif kind == "zset":
                dump.append(await redis.zrange(name, 0, -1))
            else:
                dump.append(await redis.lrange(name, 0, -1))
    await redis.aclose()
    await pool.aclose()

    assert len(dump) >= 6
    assert secret not in json.dumps(dump)
