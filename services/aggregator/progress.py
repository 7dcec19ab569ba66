"""Tells everybody how batches stand: batches.progress, and batches.completed when one ends."""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid5

from services.aggregator.store import Connection, Database, announcements
from services.aggregator.store.announcements import Announcement, Languages, Pauses
from services.aggregator.tally import as_counts, paused_because
from services.aggregator.throughput import Throughput
from shared.errors import TransientError
from shared.events import BatchesCompleted, BatchesProgress, Event
from shared.runtime.to_its_end import to_its_end
from shared.telemetry import jobs
from shared.vocabulary import TERMINAL_BATCH_STATES, TERMINAL_JOB_STATES

log = logging.getLogger(__name__)

AT_ONCE = 200
# How often to look; a batch is still announced once a second at most, unless it has ended.
EVERY_SECONDS = 0.1
OUTAGE_SECONDS = 1.0
# Counting the languages of more jobs than this every second would be most of the database's
# work; those are counted every `LARGE_SECONDS`, and when the batch ends.
LARGE_JOBS = 20_000
LARGE_SECONDS = 10.0
LARGE_REMEMBERED = 100


@dataclass(frozen=True, slots=True)
class Announcer:
    """The progress loop.

    Attributes:
        publish: Returns once Kafka has the event.
    """

    database: Database
    publish: Callable[[Event], Awaitable[None]]
    pauses: Pauses = field(default_factory=Pauses)
    _throughput: Throughput = field(default_factory=Throughput)
    _large: OrderedDict[UUID, tuple[float, Languages]] = field(default_factory=OrderedDict)

    async def run(self) -> None:
        """Announce for ever."""
        while True:
            try:
                busy = await to_its_end(self.round())
            except TransientError as error:
                log.warning("progress cannot be announced: %s", error)
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            if not busy:
                await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> bool:
        """Announce what has news; return whether there may be more."""
        async with self.database.transaction() as connection:
            due = await announcements.take(connection, self.pauses, AT_ONCE)
            if not due:
                return False
            # Under the same locks, so that the languages add up to the counts.
            languages = await self._languages(connection, due)
        events = [self._progress(each, languages[each.batch_id]) for each in due]
        endings = [_completed(each) for each in due if _has_ended_anew(each)]
        await asyncio.gather(*(self.publish(event) for event in (*events, *endings)))
        for ending in endings:
            jobs.batch_ended(ending.state, ending.seconds)
        async with self.database.transaction() as connection:
            await announcements.confirm(connection, due)
        return len(due) == AT_ONCE

    async def _languages(
        self, connection: Connection, due: Sequence[Announcement]
    ) -> dict[UUID, Languages]:
        now = time.monotonic()
        known = {
            each.batch_id: self._large[each.batch_id][1]
            for each in due
            if each.completed_at is None
            and each.batch_id in self._large
            and now - self._large[each.batch_id][0] < LARGE_SECONDS
        }
        wanted = [each.batch_id for each in due if each.batch_id not in known]
        counted = await announcements.languages(connection, wanted)
        for each in due:
            if each.total > LARGE_JOBS and each.batch_id in counted:
                self._large[each.batch_id] = (now, counted[each.batch_id])
        while len(self._large) > LARGE_REMEMBERED:
            self._large.popitem(last=False)
        return known | counted

    def _progress(self, batch: Announcement, languages: Languages) -> BatchesProgress:
        pace = self._throughput.pace(
            batch.batch_id,
            at=time.monotonic(),
            ended=sum(batch.counts[state] for state in TERMINAL_JOB_STATES),
            total=batch.total,
        )
        return BatchesProgress(
            event_id=uuid5(batch.batch_id, f"progress/{batch.seq}"),
            batch_id=batch.batch_id,
            user_id=batch.user_id,
            seq=batch.seq,
            state=batch.state,
            paused_because=paused_because(
                paused=batch.paused,
                budget_waits=batch.budget_waits,
                ended=batch.state in TERMINAL_BATCH_STATES,
            ),
            budget_usd=batch.budget_usd,
            counts=as_counts(batch.counts),
            by_language=languages,
            provider_calls=batch.provider_calls,
            audio_seconds=batch.audio_seconds,
            jobs_per_minute=round(pace.jobs_per_minute, 2),
            remaining_seconds=pace.remaining_seconds,
        )


def _has_ended_anew(batch: Announcement) -> bool:
    return batch.state in TERMINAL_BATCH_STATES and batch.announced_ending < batch.endings


def _completed(batch: Announcement) -> BatchesCompleted:
    ended = batch.completed_at or batch.created_at
    return BatchesCompleted(
        # The same for every try to announce this ending.
        event_id=uuid5(batch.batch_id, f"ended/{batch.endings}"),
        batch_id=batch.batch_id,
        user_id=batch.user_id,
        state=batch.state,
        counts=as_counts(batch.counts),
        seconds=max(0.0, (ended - batch.created_at).total_seconds()),
    )
