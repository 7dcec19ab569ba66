"""A process among the others of its service: it says that it is there, and restarts when told.

To restart is to end as on SIGTERM: what is in hand is finished or given back. Whoever runs
the process (Kubernetes, Compose, the local stack) starts it again.
"""

import asyncio
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Self
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shared.runtime.processes import BEAT_SECONDS, Fleet, Process, State
from shared.telemetry import recent

log = logging.getLogger(__name__)

REDIS_SECONDS = 5.0
# What a process still has to do when its work is drained: last commits, last spans.
AFTERWARDS_SECONDS = 30.0
# EX_TEMPFAIL: it did not end in time by itself. Otherwise it ends as SIGTERM ends it.
EXIT_OVERDUE = 75


class Presence:
    """This process, as the others know it. An async context."""

    def __init__(self, redis_url: str, service: str, stop: Callable[[], None]) -> None:
        self._redis = Redis.from_url(
            redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )
        self._fleet = Fleet(self._redis)
        self._stop = stop
        # Another one after each start: who comes back is not who was told to go.
        name = f"{socket.gethostname()}-{uuid4().hex[:8]}"
        self._process = Process(process_id=name, service=service, started_at=time.time())
        self._away = False

    @property
    def process_id(self) -> str:
        """What this process is called."""
        return self._process.process_id

    def becomes(self, state: State) -> None:
        """Let the others know how it stands now."""
        self._process = replace(self._process, state=state)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._for_ever())
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])
        with suppress(RedisError, OSError):
            await self._fleet.leave(self._process)
        with suppress(RedisError, OSError):
            await self._redis.aclose()

    async def beat(self) -> None:
        """Write its line once, and go where that is its turn."""
        try:
            await self._fleet.write(replace(self._process, figures=recent.HERE.figures()))
            goes = (await self._fleet.look(self._process.service)).may_go(self.process_id)
            if goes:
                await self._fleet.goes(replace(self._process, state="stopping"))
        except (RedisError, OSError) as error:
            if not self._away:
                log.warning("the others do not know of this process: %s", error)
            self._away = True
            return
        self._away = False
        if goes:
            log.warning("told to restart: %s ends, to be started again", self.process_id)
            self.becomes("stopping")
            self._stop()

    async def _for_ever(self) -> None:
        while True:
            await self.beat()
            await asyncio.sleep(BEAT_SECONDS)


def ending(drain_seconds: float) -> Callable[[], None]:
    """Return what ends this process in order, and by force where that takes too long."""

    def end() -> None:
        # A thread: it fires also where the event loop is what does not end.
        overdue = threading.Timer(drain_seconds + AFTERWARDS_SECONDS, os._exit, [EXIT_OVERDUE])
        overdue.daemon = True
        overdue.start()
        os.kill(os.getpid(), signal.SIGTERM)

    return end
