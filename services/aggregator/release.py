"""Lets jobs go, in fair portions: those that wait, and those that stages gave back."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from services.aggregator.fairness import portions
from services.aggregator.store import Connection, Database, batches, jobs, parked, waiting
from services.aggregator.tally import Change
from services.aggregator.wake import Wake
from shared.errors import TransientError
from shared.events import CATALOG, BatchesControl, Event, JobsRequested, ScriptAdapted
from shared.runtime.to_its_end import to_its_end
from shared.vocabulary import Options

Row = Mapping[str, Any]

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
        cancelled = await self.cancel()
        async with self.database.transaction() as connection:
            released = await self._release(connection)
        return bool(cancelled or released)

    async def cancel(self) -> bool:
        """Cancel jobs that wait in a cancelled batch; return whether there may be more."""
        async with self.database.transaction() as connection:
            return bool(await self._cancel(connection))

    async def _cancel(self, connection: Connection) -> int:
        batch_id = await waiting.cancelled_batch(connection)
        if batch_id is None:
            return 0
        job_ids = await waiting.unheld(connection, batch_id, CANCELLED_AT_ONCE)
        if not job_ids:
            # Another replica is at it.
            return 0
        order = BatchesControl(
            batch_id=batch_id,
            action="cancel",
            occurred_at=await waiting.ordered_at(connection, batch_id),
        )
        change = Change()
        locked = (await jobs.lock(connection, job_ids)).values()
        for job in locked:
            change.add(job, sign=-1)
            job.order(order)
            change.add(job, sign=1)
        await jobs.update(connection, locked)
        await parked.forget(connection, job_ids)
        await batches.settle(connection, {batch_id: change})
        return len(job_ids)

    async def _release(self, connection: Connection) -> int:
        if not await waiting.alone(connection):
            return 0
        due = await parked.due(connection)
        open_batches = [
            replace(batch, waiting=batch.waiting + due.get(batch.batch_id, 0))
            for batch in await waiting.open_batches(connection)
        ]
        todo = portions(open_batches, window=self.window, limit=RELEASED_AT_ONCE)
        if not todo:
            return 0
        # What was begun before goes on before anything more is begun.
        going_on = await parked.take(connection, [part for part in todo if part[0] in due])
        left = Counter(dict(todo))
        left.subtract(Counter(job["batch_id"] for job in going_on))
        new = await waiting.take(connection, list((+left).items()))
        # Published before it is marked: a crash in between repeats the same events, which
        # every stage takes for what they are.
        await self._publish([*map(_resumed, going_on), *map(_requested, new)])
        await self._mark(connection, new, going_on)
        return len(new) + len(going_on)

    async def _publish(self, events: Sequence[Event]) -> None:
        outcomes = await asyncio.gather(*map(self.publish, events), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _mark(
        self, connection: Connection, new: Sequence[Row], going_on: Sequence[Row]
    ) -> None:
        changes: dict[UUID, Change] = defaultdict(Change)
        for job in new:
            changes[job["batch_id"]].waiting -= 1
            changes[job["batch_id"]].in_flight += 1
        for job in going_on:
            changes[job["batch_id"]].parked -= 1
            changes[job["batch_id"]].budget_waits -= job["reason"] == "budget"
            changes[job["batch_id"]].in_flight += 1
        if new:
            await waiting.mark_released(connection, [job["job_id"] for job in new])
        if going_on:
            await parked.mark_gone_on(connection, [job["job_id"] for job in going_on])
        if changes:
            await batches.settle(connection, changes)


def _resumed(job: Row) -> Event:
    return CATALOG[job["topic"]].model_validate_json(job["event"])


def _requested(job: Row) -> JobsRequested | ScriptAdapted:
    run = job["run"]
    asked: dict[str, Any] = {
        # Every run of a job has its own, and what follows from it, too.
        "event_id": uuid5(job["job_id"], "requested" if run == 1 else f"requested/{run}"),
        "job_id": job["job_id"],
        "batch_id": job["batch_id"],
        "user_id": job["user_id"],
        "title": job["title"],
        "language": job["language"],
        "voice": job["voice"],
        "variation": job["variation"],
        "aspect": job["aspect"],
        "agent_ref": job["agent"],
        "run": run,
        "options": job["options"] or Options(),
    }
    if job["text"] is None:
        return JobsRequested(**asked)
    # Nothing is left to write: it enters where texts are narrated.
    return ScriptAdapted(**asked, text=job["text"])
