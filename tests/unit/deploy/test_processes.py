import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from deploy.local import processes
from deploy.local.processes import Identity

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(60)
"""
WITH_A_HELPER = """
import subprocess, time
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def spawn(log: Path, *command: str) -> Identity:
    return processes.spawn(command, env={"PATH": "/usr/bin:/bin"}, log=log, cwd=Path("/"))


def first_line(log: Path) -> str:
    deadline = time.monotonic() + 10
    while "\n" not in log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return log.read_text().splitlines()[0]


def test_stops_what_it_started(log: Path) -> None:
    started = spawn(log, "sleep", "60")
    assert processes.alive(started)
    processes.stop(started, first=signal.SIGTERM, grace=5)
    assert not processes.alive(started)


def test_kills_what_does_not_listen(log: Path) -> None:
    started = spawn(log, sys.executable, "-c", STUBBORN)
    first_line(log)
    processes.stop(started, first=signal.SIGTERM, grace=0.1)
    assert not processes.alive(started)


def test_takes_the_helpers_of_what_it_kills_along(log: Path) -> None:
    started = spawn(log, sys.executable, "-c", WITH_A_HELPER)
    helper = int(first_line(log))
    processes.kill(started)
    deadline = time.monotonic() + 5
    while processes.born(helper) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_never_touches_another_process_of_the_same_pid(log: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as other:
        impostor = Identity(other.pid, "long ago")
        processes.stop(impostor, first=signal.SIGTERM, grace=0.1)
        processes.kill(impostor)
        assert other.poll() is None
        other.kill()


def test_a_process_that_ended_is_not_alive(log: Path) -> None:
    started = spawn(log, "true")
    deadline = time.monotonic() + 5
    while processes.alive(started):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert not processes.alive(replace(started, pid=started.pid))


def test_what_it_writes_is_appended(log: Path) -> None:
    log.write_text("before\n")
    started = spawn(log, "echo", "after")
    while processes.alive(started):
        time.sleep(0.01)
    assert log.read_text() == "before\nafter\n"


def test_many_threads_may_ask_after_the_same_dead_child(log: Path) -> None:
    for _ in range(5):
        identity = spawn(log, sys.executable, "-c", "import time; time.sleep(60)")
        os.kill(identity.pid, signal.SIGKILL)
        with ThreadPoolExecutor(8) as threads:
            list(threads.map(processes.alive, [identity] * 200))
        processes.kill(identity)
        assert not processes.alive(identity)
