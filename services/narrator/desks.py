"""Processes of their own for what keeps a processor busy.

Encoding in a thread of the service would take turns with its event loop, and compete as an
equal with every other process of the machine. Here it gives way to both: whoever asks, reads
or writes a little is answered at once, however many narrations are being encoded.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractAsyncContextManager, suppress
from typing import ParamSpec, Self, TypeVar

from shared.errors import TransientError
from shared.quota import Slots

P = ParamSpec("P")
T = TypeVar("T")

NICENESS = 10
# What a new process has imported already.
PRELOADED = ["services.narrator.studio"]


class EncoderKilledError(TransientError):
    """The process that made a recording is gone: out of memory, most likely."""

    code = "encoder_killed"


class Desks:
    """Runs functions beside this process, as many at once as there are desks.

    An async context. Entering it starts the processes, and does not wait for them.
    """

    def __init__(self, count: int, executor: Callable[[int], Executor] | None = None) -> None:
        self._count = count
        self._open = executor or _processes
        self._slots = Slots(count)
        self._executor: Executor | None = None
        self._warming: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._warming = asyncio.create_task(self._warm())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._warming is not None:
            self._warming.cancel()
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for a desk: users take turns."""
        return self._slots

    async def do(self, what: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `what` returns, which another process found out.

        Raises:
            EncoderKilledError: that process was killed.
        """
        executor = self._at_work()
        try:
            # In a thread: to submit may be to start a process.
            future = await asyncio.to_thread(executor.submit, what, *args, **kwargs)
            return await asyncio.wrap_future(future)
        except BrokenProcessPool as error:
            if self._executor is executor:
                self._executor = None
            raise EncoderKilledError("the process that made the recording was killed") from error

    def _at_work(self) -> Executor:
        if self._executor is None:
            self._executor = self._open(self._count)
        return self._executor

    async def _warm(self) -> None:
        with suppress(EncoderKilledError):
            await asyncio.gather(*(self.do(_nothing) for _ in range(self._count)))


def _processes(count: int) -> Executor:
    # Not forked from the service: it has threads, and connections that must not be shared.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


def _begin() -> None:
    # The service is told to stop, and says when these are to end: after what they are at.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    os.nice(NICENESS)
    threading.Thread(target=_end_with_service, daemon=True).start()


def _end_with_service() -> None:
    """End this process once its service is gone: one that is killed closes nothing behind it."""
    if service := multiprocessing.parent_process():
        service.join()
        os._exit(1)


def _nothing() -> None:
    """Be started."""
