"""Does to a stack what the schedule says, one thing after the other."""

import asyncio
import contextlib
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.chaos.schedule import Disturbance, Kind
from deploy.local.launcher import StartError
from deploy.local.stack import Stack

LOOK_SECONDS = 0.25

# The milestones that have newly been passed, when so many of them were before.
Milestones = Callable[[int], Sequence[Disturbance]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A disturbance that took place.

    Attributes:
        at: When it began, in seconds since the epoch.
        until: When the process took work again, or was gone for good.
    """

    disturbance: Disturbance
    at: float
    until: float


@dataclass(slots=True)
class Disturber:
    """Disturbs a stack until it is told that the work is done.

    Attributes:
        every: Seconds between two services that are killed; 0: none is.
        passed: How many milestones have been.
        done: What took place, in order.
    """

    stack: Stack
    victims: Iterator[Disturbance]
    milestones: Milestones
    every: float
    passed: int = 0
    done: list[Done] = field(default_factory=list)

    async def run(self, over: asyncio.Event) -> None:
        """Disturb until `over`.

        Raises:
            StartError: a process did not come back.
        """
        next_kill = time.monotonic() + self.every
        while not over.is_set():
            milestones = self.milestones(self.passed)
            todo = list(milestones)
            if self.every and time.monotonic() >= next_kill:
                todo.append(next(self.victims))
                next_kill = time.monotonic() + self.every
            for each in todo:
                await self._disturb(each)
            self.passed += len(milestones)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await over.wait()

    async def _disturb(self, what: Disturbance) -> None:
        at = time.time()
        await asyncio.to_thread(_DO[what.kind], self.stack, what)
        self.done.append(Done(disturbance=what, at=at, until=time.time()))


def _kill(stack: Stack, what: Disturbance) -> None:
    stack.kill(what.target)
    time.sleep(what.lasts)
    _start(stack, what.target)


def _empty(stack: Stack, what: Disturbance) -> None:
    stack.kill(what.target)
    shutil.rmtree(stack.state.directory / what.target)
    time.sleep(what.lasts)
    _start(stack, what.target)


def _freeze(stack: Stack, what: Disturbance) -> None:
    pid = stack.pids()[what.target]
    os.kill(pid, signal.SIGSTOP)
    time.sleep(what.lasts)
    # Supervision may have given it up by now, and started another.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)
    _start(stack, what.target)


def _join(stack: Stack, what: Disturbance) -> None:
    _start(stack, what.target)


def _leave(stack: Stack, what: Disturbance) -> None:
    stack.stop_service(what.target)


def _start(stack: Stack, name: str) -> None:
    # What it depends on may be on its way up as well.
    for _ in range(3):
        with contextlib.suppress(StartError):
            stack.start_service(name)
            return
    stack.start_service(name)


_DO: dict[Kind, Callable[[Stack, Disturbance], None]] = {
    Kind.KILL: _kill,
    Kind.RESTART: _kill,
    Kind.EMPTY: _empty,
    Kind.FREEZE: _freeze,
    Kind.JOIN: _join,
    Kind.LEAVE: _leave,
}
