"""Writes a portion of the log into the tables, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.aggregator import asides, measuring
from services.aggregator.deleting import home_of
from services.aggregator.reading import News
from services.aggregator.rules import Job
from services.aggregator.spending import spent
from services.aggregator.store import Connection, batches, jobs, lines, parked, usage
from services.aggregator.tally import Change
from shared.events import BatchesControl, BatchesSubmitted, JobEvent, JobsProgress
from shared.expansion import expand
from shared.vocabulary import SYSTEM_USER, BatchRequest

LINE_CHARACTERS = 1_000

Row = dict[str, Any]


@dataclass(slots=True)
class Taking:
    """One portion on its way into the tables.

    The order of the steps is the order in which rows are locked: see `store`.

    Attributes:
        ended: Jobs that ended with it, each with the event that ended it.
        bills: What was spent, and not known before.
    """

    connection: Connection
    news: News
    ended: list[tuple[JobEvent, Job]] = field(default_factory=list)
    bills: list[Row] = field(default_factory=list)

    async def run(self) -> None:
        """Write everything that the news says and the tables do not know yet."""
        changes: dict[UUID, Change] = defaultdict(Change)
        planned = {
            row["job_id"]: row
            for event, request in self.news.submitted
            for row in _planned(event, request)
        }
        early = await self._insert(planned, changes)
        await self._move_jobs(planned, early, changes)
        await self._move_batches(changes)
        if self.news.lines:
            await lines.insert(self.connection, list(_lines(self.news.lines)))
        await asides.write(self.connection, self.news)

    async def _insert(self, planned: dict[UUID, Row], changes: dict[UUID, Change]) -> set[UUID]:
        """Insert what is new; return the planned jobs that were there before their batch."""
        strangers = await self._strangers(planned)
        new_batches = {event.batch_id: _batch_of(event) for event in strangers.values()}
        new_batches |= {
            order.batch_id: _batch_of_order(order)
            for order in self.news.orders
            if order.job_id is None and order.batch_id not in new_batches
        }
        new_batches |= {event.batch_id: _submitted(event, r) for event, r in self.news.submitted}
        if new_batches:
            await batches.insert(self.connection, list(new_batches.values()))
        new_jobs = [*planned.values(), *(_stranger(event) for event in strangers.values())]
        if not new_jobs:
            return set()
        counts, inserted = await jobs.insert(self.connection, new_jobs)
        for batch_id, count in counts.items():
            changes[batch_id].add_queued(count)
            changes[batch_id].touch(new_batches[batch_id]["created_at"])
        return planned.keys() - inserted

    async def _strangers(self, planned: dict[UUID, Row]) -> dict[UUID, JobEvent]:
        """Return an event of each job that nobody announced, under the batch it goes to."""
        told = {event.job_id: event for event in self.news.steps if event.job_id not in planned}
        if not told:
            return {}
        known = await jobs.known(self.connection, told)
        return {
            job_id: event.model_copy(update={"batch_id": home_of(event)})
            for job_id, event in told.items()
            if job_id not in known
        }

    async def _move_jobs(
        self, planned: dict[UUID, Row], early: set[UUID], changes: dict[UUID, Change]
    ) -> None:
        steps = self.news.steps
        orders = [(each.job_id, each) for each in self.news.orders if each.job_id]
        wanted = {event.job_id for event in steps} | {job_id for job_id, _ in orders} | early
        if not wanted:
            return
        now = await jobs.lock(self.connection, wanted)
        before = {job_id: job.copy() for job_id, job in now.items()}
        for job_id in early:
            now[job_id].adopt(planned[job_id])
        for event in steps:
            now[event.job_id].apply(event)
        for job_id, order in orders:
            # A job that is not there yet has not been shown to anybody who could order this.
            if job_id in now:
                now[job_id].order(order)
        await self._bill(now)
        await self._write(now, before, changes)

    async def _write(
        self, now: dict[UUID, Job], before: dict[UUID, Job], changes: dict[UUID, Change]
    ) -> None:
        changed = [job for job_id, job in now.items() if job != before[job_id]]
        for job in changed:
            changes[job.batch_id].add(before[job.job_id], sign=-1)
            changes[job.batch_id].add(job, sign=1)
        self._name(now, changes)
        self.ended.extend(measuring.ended(self.news.steps, before, now))
        if changed:
            await jobs.update(self.connection, changed)
            await self._park(changed, before)

    def _name(self, now: dict[UUID, Job], changes: dict[UUID, Change]) -> None:
        for event in self.news.steps:
            job = now[event.job_id]
            if job.started_at and job.batch_id in changes:
                changes[job.batch_id].meet(job.started_at, event.title, event.user_id)

    async def _bill(self, now: dict[UUID, Job]) -> None:
        homes = {job_id: job.batch_id for job_id, job in now.items()}
        if bills := list(spent(self.news.steps, homes)):
            # Of every run, and once per event, however late or often it comes.
            self.bills.extend(await usage.insert(self.connection, bills))
            for bill in self.bills:
                now[bill["job_id"]].provider_calls += bill["calls"]

    async def _park(self, changed: Iterable[Job], before: dict[UUID, Job]) -> None:
        new, gone = [], []
        for job in changed:
            if job.parked_for and job.park:
                new.append(job.park.model_copy(update={"batch_id": job.batch_id}))
            elif before[job.job_id].parked_for and not job.parked_for:
                gone.append(job.job_id)
        if new:
            await parked.keep(self.connection, new)
        if gone:
            await parked.forget(self.connection, gone)

    async def _move_batches(self, changes: dict[UUID, Change]) -> None:
        for order in self.news.orders:
            if order.job_id is None:
                _order(changes[order.batch_id], order)
        for event, _ in self.news.submitted:
            changes[event.batch_id].touch(event.occurred_at)
        if changes:
            await batches.settle(self.connection, changes)
        if self.news.submitted:
            await batches.adopt(
                self.connection, [_submitted(event, r) for event, r in self.news.submitted]
            )


def _order(change: Change, order: BatchesControl) -> None:
    change.touch(order.occurred_at)
    if order.action == "cancel":
        # The jobs follow: the release loop cancels what it would have released.
        change.cancelled = change.cancelled or (order.event_id, order.occurred_at)
    else:
        change.paused = order.action == "pause"
    if order.action == "resume":
        change.resumed_at = order.occurred_at
    change.budget_usd = order.budget_usd or change.budget_usd


def _planned(event: BatchesSubmitted, request: BatchRequest) -> Iterator[Row]:
    for job in expand(event.batch_id, request):
        yield {
            "job_id": job.job_id,
            "batch_id": event.batch_id,
            "user_id": event.user_id,
            "position": job.position,
            "title": job.title,
            "language": job.language,
            "voice": job.voice,
            "variation": job.variation,
            "aspect": job.aspect,
            "created_at": event.occurred_at,
            "options": job.options,
            "text": job.text,
        }


def _stranger(event: JobEvent) -> Row:
    return {
        "job_id": event.job_id,
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "title": event.title,
        "language": event.language,
        "voice": event.voice,
        "variation": event.variation,
        "aspect": event.aspect,
        "created_at": event.occurred_at,
    }


def _submitted(event: BatchesSubmitted, request: BatchRequest) -> Row:
    return {
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "name": request.name,
        "mode": request.mode,
        "request": request.model_dump(mode="json"),
        "agent": request.agent,
        "options": request.options,
        "created_at": event.occurred_at,
    }


def _batch_of(event: JobEvent) -> Row:
    return {
        "batch_id": event.batch_id,
        "user_id": event.user_id,
        "options": event.options if event.options.budget_usd else None,
        "name": event.title,
        "created_at": event.occurred_at,
    }


def _batch_of_order(order: BatchesControl) -> Row:
    return {
        "batch_id": order.batch_id,
        "user_id": SYSTEM_USER,
        "name": "",
        "created_at": order.occurred_at,
    }


def _lines(told: Iterable[JobsProgress]) -> Iterator[Row]:
    for line in told:
        yield {
            "job_id": line.job_id,
            "at": line.occurred_at,
            "stage": line.stage,
            "message": line.message[:LINE_CHARACTERS],
        }
