"""How long to wait before trying again, and when to stop."""

import asyncio
import logging
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from shared.errors import (
    PipelineError,
    RateLimitedError,
    StoppedError,
    TransientError,
    UnavailableError,
)
from shared.quota import last_try, unless_stopped
from shared.telemetry import stages
from shared.vocabulary import Attempt

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0
# Waiting for a quota is not failing. It ends some day, so that a wrong key cannot hold a job.
MAX_QUOTA_WAITS = 200
# Of a job that waited long, the newest tries are told.
MAX_HISTORY = 20
REASON_CHARACTERS = 500


@dataclass(slots=True)
class Attempts:
    """The tries of one piece of work.

    Attributes:
        most: Tries before a transient failure becomes final.
        longest: How many seconds are waited for a quota, all in all, before the work is given
            back instead.
        failed: Tries that failed for a reason of the work's own.
        history: What went wrong, the oldest first.
    """

    most: int
    failed: int = 0
    longest: float = math.inf
    history: list[Attempt] = field(default_factory=list)
    _waits: int = field(default=0)
    _waited: float = field(default=0.0)

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Return what `work` returns, trying again where the world may heal.

        Raises:
            TransientError: the last try's, once there were `most`.
            StoppedError: the work is to be given back.
        """
        while True:
            last_try.set(self.failed >= self.most - 1)
            try:
                return await work()
            except TransientError as error:
                await self._wait(error)

    async def _wait(self, error: TransientError) -> None:
        self._waits += 1
        if isinstance(error, UnavailableError):
            delay = _backoff(self._waits)
        elif isinstance(error, RateLimitedError) and self._waits < MAX_QUOTA_WAITS:
            # Spread out: everyone was told the same moment.
            delay = error.retry_after + random.uniform(0, 1)  # noqa: S311 - jitter
            self._waited += delay
            if self._waited > self.longest:
                self.record(error, delay)
                raise StoppedError("waiting", str(error), wait_seconds=delay) from error
        else:
            self.failed += 1
            if self.failed >= self.most:
                self.record(error)
                raise error
            delay = _backoff(self.failed, error.retry_after)
        self.record(error, delay)
        stages.retried(error)
        log.warning("again in %.1f s: %s: %s", delay, type(error).__name__, error)
        await unless_stopped(asyncio.sleep(delay))

    def record(self, error: BaseException, delay: float | None = None) -> None:
        """Add what went wrong to the history."""
        self.history.append(
            Attempt(
                at=datetime.now(UTC),
                code=error.code if isinstance(error, PipelineError) else "bug",
                reason=(str(error) or type(error).__name__)[:REASON_CHARACTERS],
                delay_seconds=None if delay is None else round(delay, 3),
            )
        )
        del self.history[:-MAX_HISTORY]


def _backoff(tries: int, at_least: float | None = None) -> float:
    """Return a delay that doubles with each try, spread out at random.

    Args:
        tries: How many failed.
        at_least: The seconds before which the first new try would be of no use.
    """
    first = FIRST_SECONDS if at_least is None else at_least
    delay = min(first * 2.0 ** min(tries - 1, 10), max(first, LONGEST_SECONDS))
    low, high = (0.5, 1.0) if at_least is None else (1.0, 1.5)
    return delay * random.uniform(low, high)  # noqa: S311 - jitter
