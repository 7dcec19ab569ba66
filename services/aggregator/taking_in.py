"""Writes a portion of the log into the tables, within the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from services.aggregator import asides, measuring, rows
from services.aggregator.deleting import home_of, references
from services.aggregator.reading import News
from services.aggregator.rows import Row
from services.aggregator.rules import Job
from services.aggregator.spending import Expense, spent
from services.aggregator.store import Connection, batches, jobs, lines, parked, runs, usage
from services.aggregator.tally import Change
from shared.events import BatchesControl, JobEvent

# What happened to each job, in the order in which it was heard of.
Lives = dict[UUID, list[JobEvent]]


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
    bills: list[Expense] = field(default_factory=list)
    _lives: Lives = field(default_factory=dict)

    async def run(self) -> None:
        """Write everything that the news says and the tables do not know yet."""
        changes: dict[UUID, Change] = defaultdict(Change)
        self._lives = _by_job(self.news.steps)
        planned = {
            row["job_id"]: row
            for event, request in self.news.submitted
            for row in rows.planned(event, request)
        }
        early = await self._insert(planned, changes)
        await self._move_jobs(planned, early, changes)
        await self._move_batches(changes)
        if self.news.lines:
            await lines.insert(self.connection, list(rows.lines(self.news.lines)))
        await asides.write(self.connection, self.news)

    async def _insert(self, planned: dict[UUID, Row], changes: dict[UUID, Change]) -> set[UUID]:
        """Insert what is new; return the planned jobs that were there before their batch."""
        strangers = await self._strangers(planned)
        new_batches = {event.batch_id: rows.batch_of(event) for event in strangers.values()}
        new_batches |= {
            order.batch_id: rows.batch_of_order(order)
            for order in self.news.orders
            if order.job_id is None and order.batch_id not in new_batches
        }
        new_batches |= {e.batch_id: rows.submitted(e, r) for e, r in self.news.submitted}
        if new_batches:
            await batches.insert(self.connection, list(new_batches.values()))
        new_jobs = [*planned.values(), *(rows.stranger(event) for event in strangers.values())]
        if not new_jobs:
            return set()
        counts, inserted = await jobs.insert(self.connection, new_jobs)
        for batch_id, count in counts.items():
            changes[batch_id].add_queued(count)
            changes[batch_id].touch(new_batches[batch_id]["created_at"])
        return planned.keys() - inserted

    async def _strangers(self, planned: dict[UUID, Row]) -> dict[UUID, JobEvent]:
        """Return an event of each job that nobody announced, under the batch it goes to."""
        told = self._lives.keys() - planned.keys() if planned else self._lives.keys()
        if not told:
            return {}
        known = await jobs.known(self.connection, told)
        last = {job_id: self._lives[job_id][-1] for job_id in told - known}
        return {
            job_id: event.model_copy(update={"batch_id": home_of(event)})
            for job_id, event in last.items()
        }

    async def _move_jobs(
        self, planned: dict[UUID, Row], early: set[UUID], changes: dict[UUID, Change]
    ) -> None:
        orders = [(each.job_id, each) for each in self.news.orders if each.job_id]
        wanted = self._lives.keys() | {job_id for job_id, _ in orders} | early
        if not wanted:
            return
        now = await jobs.lock(self.connection, wanted)
        before = {job_id: job.copy() for job_id, job in now.items()}
        for job_id in early:
            now[job_id].adopt(planned[job_id])
        for job_id, life in self._lives.items():
            job = now[job_id]
            for event in life:
                job.apply(event)
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
        for job_id, life in self._lives.items():
            job = now[job_id]
            if job.started_at and job.batch_id in changes:
                changes[job.batch_id].meet(job.started_at, life)
            if measuring.ends(before[job_id].state, job.state):
                self.ended.append((life[-1], job))
        await self._keep_runs(now)
        if changed:
            await jobs.update(self.connection, changed)
            await self._park(changed, before)

    async def _keep_runs(self, now: dict[UUID, Job]) -> None:
        """Remember what earlier runs made, which the job's row will not say any more."""
        again = [job_id for job_id in self._lives if now[job_id].run > 1]
        if again:
            made = [
                (job_id, ref.key)
                for job_id in again
                for event in self._lives[job_id]
                for ref in references(event)
            ]
            await runs.keep(self.connection, again, made)

    async def _bill(self, now: dict[UUID, Job]) -> None:
        bills = [
            expense
            for job_id, life in self._lives.items()
            for expense in spent(life, now[job_id].job_id, now[job_id].batch_id)
        ]
        if bills:
            # Of every run, and once per event, however late or often it comes.
            self.bills.extend(await usage.insert(self.connection, bills))
            for bill in self.bills:
                now[bill.job_id].provider_calls += bill.calls

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
                self.connection, [rows.submitted(event, r) for event, r in self.news.submitted]
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


def _by_job(steps: Iterable[JobEvent]) -> Lives:
    # Sorted out by number: a UUID hashes and compares in Python, once for every look-up.
    lives: dict[int, list[JobEvent]] = {}
    for event in steps:
        number = event.job_id.int
        if (life := lives.get(number)) is None:
            lives[number] = [event]
        else:
            life.append(event)
    return {life[0].job_id: life for life in lives.values()}
