import sys
import threading
import time
from pathlib import Path

import pytest

from deploy.local.environment import Environment
from deploy.local.launcher import LOG_LIMIT, CancelledError, Launcher, StartError
from deploy.local.state import State


@pytest.fixture
def launcher(tmp_path: Path) -> Launcher:
    return Launcher(State(tmp_path), Environment({"PATH": "/usr/bin:/bin"}))


def test_a_step_that_fails_shows_what_it_said(launcher: Launcher) -> None:
    with pytest.raises(StartError, match=r"formatting: failed with 3\n    no space"):
        launcher.step("formatting", ["sh", "-c", "echo no space; exit 3"])


def test_a_step_gets_the_environment_and_its_own(launcher: Launcher) -> None:
    launcher.step("asking", ["sh", "-c", 'test "$ONE$PATH" = 1/usr/bin:/bin'], env={"ONE": "1"})


def test_a_step_ends_when_the_user_gives_up(launcher: Launcher) -> None:
    threading.Timer(0.1, launcher.cancel).start()
    began = time.monotonic()
    with pytest.raises(CancelledError):
        launcher.step("sleeping", ["sleep", "60"])
    assert time.monotonic() - began < 10


def test_nothing_starts_once_the_user_gave_up(launcher: Launcher) -> None:
    launcher.cancel()
    with pytest.raises(CancelledError):
        launcher.spawn("late", ["sleep", "60"], address="")
    assert launcher.state.records() == {}


def test_waiting_for_what_died_shows_the_end_of_its_log(launcher: Launcher) -> None:
    lines = "print(*range(100), sep='\\n'); raise SystemExit(1)"
    launcher.spawn("part", [sys.executable, "-c", lines], address="")
    with pytest.raises(StartError, match=r"(?s)part ended while starting.*\n    80\n.*\n    99$"):
        launcher.wait("part", lambda: False)


def test_waiting_ends_some_day(launcher: Launcher) -> None:
    record = launcher.spawn("part", ["sleep", "60"], address="")
    with pytest.raises(StartError, match="not ready within 0 s"):
        launcher.wait("part", lambda: False, seconds=0.1)
    assert record.running
    from_now_on = Launcher(launcher.state, launcher.environment)
    assert from_now_on.state.record("part") == record
    _end(launcher)


def test_a_log_that_grew_too_long_is_put_aside(launcher: Launcher) -> None:
    log = launcher.log("part")
    log.parent.mkdir()
    with log.open("wb") as file:
        file.truncate(LOG_LIMIT + 1)
    launcher.spawn("part", ["sleep", "60"], address="")
    assert log.stat().st_size == 0
    _end(launcher)


def _end(launcher: Launcher) -> None:
    from deploy.local import processes

    for record in launcher.state.records().values():
        processes.kill(record.identity)
