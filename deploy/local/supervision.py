"""Starts a service again that has died, as a deployment would."""

import threading
from types import TracebackType
from typing import Self

from deploy.local.launcher import StartError
from deploy.local.stack import Stack
from deploy.local.together import Notice

EVERY_SECONDS = 0.5


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
            running = self._stack.pids()
            for name in self._stack.services:
                if name not in running and not self._over.is_set():
                    self._restart(name)

    def _restart(self, name: str) -> None:
        self._notice(name, "has died, and is started again")
        try:
            self._stack.start_service(name)
        except StartError as error:
            # Tried again at the next look: what it needs may be on its way up as well.
            self._notice(name, f"did not come up: {error}")
