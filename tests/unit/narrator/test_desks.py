import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.local.paths import ROOT
from services.narrator.desks import NICENESS, Desks, EncoderKilledError
from tests.support.waiting import until

LEAST_PRIORITY = 19
OWNER = """
import asyncio, os
from services.narrator.desks import Desks

async def main():
    async with Desks(2) as desks:
        await asyncio.gather(*(desks.do(os.getpid) for _ in range(2)))
        print(await desks.do(os.getpid), await desks.do(os.getppid), flush=True)
        await asyncio.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
async def desks() -> AsyncIterator[Desks]:
    async with Desks(1) as opened:
        yield opened


async def test_work_is_done_in_another_process_that_gives_way_to_this_one(desks: Desks) -> None:
    there = await desks.do(os.getpid)

    assert there != os.getpid()
    assert await desks.do(os.nice, 0) == min(os.nice(0) + NICENESS, LEAST_PRIORITY)


async def test_what_the_work_raises_is_raised_here(desks: Desks) -> None:
    with pytest.raises(ZeroDivisionError):
        await desks.do(divmod, 1, 0)


async def test_a_killed_process_fails_its_work_and_another_takes_its_place(desks: Desks) -> None:
    there = await desks.do(os.getpid)

    with pytest.raises(EncoderKilledError):
        await desks.do(os.kill, there, signal.SIGKILL)

    assert await desks.do(os.getpid) != there


async def test_a_signal_to_the_whole_group_leaves_the_work_to_its_service(desks: Desks) -> None:
    there = await desks.do(os.getpid)

    os.kill(there, signal.SIGTERM)
    os.kill(there, signal.SIGINT)

    assert await desks.do(os.getpid) == there


async def test_users_take_turns() -> None:
    desks = Desks(1)
    async with desks.turn():
        waiting = asyncio.create_task(desks.turn().__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    await waiting


async def test_a_killed_service_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(OWNER)
    owner = await asyncio.create_subprocess_exec(
        "env", f"PYTHONPATH={ROOT}", sys.executable, str(script), stdout=subprocess.PIPE
    )
    assert owner.stdout is not None
    pids = [int(pid) for pid in (await owner.stdout.readline()).split()]

    owner.kill()
    await owner.wait()

    async def gone() -> bool:
        return not any(alive(pid) for pid in pids)

    assert await until(gone)


def alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
