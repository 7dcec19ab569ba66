"""Lets jobs go, in fair portions: publishes jobs.requested for those that wait."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from services.aggregator.fairness import portions
from services.aggregator.store import Connection, Database, batches, waiting
from services.aggregator.tally import Change
from services.aggregator.wake import Wake
from shared.errors import TransientError
from shared.events import Event, JobsRequested
from shared.runtime.fold import to_its_end
from shared.vocabulary import JobState, Options

log = logging.getLogger(__name__)

# Jobs that one transaction releases, or cancels: it holds their rows until Kafka answers.
RELEASED_AT_ONCE = 500
CANCELLED_AT_ONCE = 5_000
EVERY_SECONDS = 0.5
# Between rounds that a busy fold asks for.
LEAST_SECONDS = 0.05
OUTAGE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Releaser:
    """The release loop.

    Attributes:
        publish: Returns once Kafka has the event.
        window: Jobs in flight, of all users together.
        wake: Is called when there may be something to release.
    """

    database: Database
    publish: Callable[[Event], Awaitable[None]]
    window: int
    wake: Wake = field(default_factory=Wake)

    async def run(self) -> None:
        """Release for ever."""
        while True:
            try:
                busy = await to_its_end(self.round())
            except TransientError as error:
                log.warning("nothing can be released: %s", error)
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            await asyncio.sleep(LEAST_SECONDS)
            if not busy:
                await self.wake.wait(EVERY_SECONDS)

    async def round(self) -> bool:
        """Cancel and release once; return whether there may be more to do at once."""
        async with self.database.transaction() as connection:
            cancelled = await self._cancel(connection)
        async with self.database.transaction() as connection:
            released = await self._release(connection)
        return bool(cancelled or released)

    async def _cancel(self, connection: Connection) -> int:
        batch_id = await waiting.cancelled_batch(connection)
        if batch_id is None:
            return 0
        were_paused = await waiting.cancel(connection, batch_id, CANCELLED_AT_ONCE)
        if not were_paused:
            # Another replica is at it.
            return 0
        change = Change(waiting=-were_paused.count(False))
        change.states[JobState.QUEUED] -= len(were_paused)
        change.states[JobState.CANCELLED] += len(were_paused)
        await batches.settle(connection, {batch_id: change})
        return len(were_paused)

    async def _release(self, connection: Connection) -> int:
        if not await waiting.alone(connection):
            return 0
        open_batches = await waiting.open_batches(connection)
        todo = portions(open_batches, window=self.window, limit=RELEASED_AT_ONCE)
        if not todo:
            return 0
        jobs = await waiting.take(connection, todo)
        # Published before it is marked: a crash in between repeats the same events, which
        # every stage takes for what they are.
        outcomes = await asyncio.gather(
            *(self.publish(_requested(job)) for job in jobs), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
        changes: dict[UUID, Change] = defaultdict(Change)
        for job in jobs:
            changes[job["batch_id"]].waiting -= 1
            changes[job["batch_id"]].in_flight += 1
        await waiting.mark_released(connection, [job["job_id"] for job in jobs])
        await batches.settle(connection, changes)
        return len(jobs)


def _requested(job: Mapping[str, Any]) -> JobsRequested:
    return JobsRequested(
        event_id=uuid5(job["job_id"], "requested"),
        job_id=job["job_id"],
        batch_id=job["batch_id"],
        user_id=job["user_id"],
        title=job["title"],
        language=job["language"],
        voice=job["voice"],
        variation=job["variation"],
        aspect=job["aspect"],
        agent_ref=job["agent"],
        options=job["options"] or Options(),
    )
