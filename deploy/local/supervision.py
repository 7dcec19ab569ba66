"""Starts a service again that has ended, as a deployment would."""

import fcntl
import sys
import threading
import time
from types import TracebackType
from typing import Self

from deploy.local import processes
from deploy.local.launcher import StartError
from deploy.local.paths import ROOT
from deploy.local.stack import Stack
from deploy.local.together import Notice

EVERY_SECONDS = 0.5
# After a service that did not come up.
FAILED_SECONDS = 5.0


class Supervision:
    """Watches the services of a stack in a thread of its own. A context manager."""

    def __init__(self, stack: Stack, notice: Notice) -> None:
        self._stack = stack
        self._notice = notice
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            started = self._stack.started_services()
            running = self._stack.pids()
            for name in started:
                if name not in running and not self._over.is_set():
                    self._restart(name)

    def _restart(self, name: str) -> None:
        self._notice(name, "has died, and is started again")
        try:
            self._stack.start_service(name)
        except StartError as error:
            # Tried again at the next look: what it needs may be on its way up as well.
            self._notice(name, f"did not come up: {error}")


def begin(stack: Stack) -> None:
    """Have a process of its own `keep` the services of `stack`, also when this one has ended."""
    log = stack.state.logs / "supervisor.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    processes.spawn(
        [sys.executable, "-m", "deploy.local", "supervise"],
        env={
            **stack.environment.variables,
            "BOLT_STATE_DIR": str(stack.state.directory),
            "PYTHONUNBUFFERED": "1",
        },
        log=log,
        cwd=ROOT,
    )


def keep(stack: Stack, notice: Notice) -> None:
    """Start services again that have ended, until all were stopped. One process does, not two."""
    stack.state.directory.mkdir(parents=True, exist_ok=True)
    with (stack.state.directory / "supervisor.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        while stack.started_services():
            try:
                stack.revive()
            except StartError as error:
                notice("supervisor", str(error))
                time.sleep(FAILED_SECONDS)
            time.sleep(EVERY_SECONDS)
