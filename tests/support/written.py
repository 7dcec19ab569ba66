"""What happens to the aggregator, folded as it happens and kept as the log that it is."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.events import BatchesControl, Event
from tests.support.aggregator import Aggregator
from tests.support.rebuilds import WrittenLog
from tests.support.records import Record, record

START = datetime(2026, 11, 1, tzinfo=UTC)
TABLES = (
    *("batches", "jobs", "parked_jobs", "usage", "job_attempts", "job_log", "dead_letters"),
    *("deleted_batches", "consumer_offsets"),
)
# How far watchers were told, and the release loop's clock, are not in the log of events.
UNTOLD = {"announced_at"}


class Writer:
    """What happens, written to the log and folded as it is written."""

    def __init__(self, live: Aggregator, seed: int = 1) -> None:
        self.live, self.log = live, WrittenLog()
        self._random = random.Random(seed)  # noqa: S311 - an order, not a secret
        self._published = 0
        self._second = 0

    async def write(self, events: Sequence[Event], *, shuffled: bool = False) -> None:
        events = list(events)
        if shuffled:
            self._random.shuffle(events)
        records = [self._record(event) for event in events]
        for start in range(0, len(records), 7):
            await self.live.fold(records[start : start + 7])

    async def put_aside(self, letter: Record) -> None:
        self.log.written.append(letter)
        await self.live.fold([letter])

    async def release(self) -> None:
        await self.live.release_all()
        fresh = self.live.outbox.events[self._published :]
        self._published = len(self.live.outbox.events)
        await self.write(fresh)

    def _record(self, event: Event) -> Record:
        self._second += 1
        told = event.model_copy(
            update={"occurred_at": START + timedelta(seconds=self._second, microseconds=123)}
        )
        offset = sum(each.topic == event.topic.name for each in self.log.written)
        self.log.written.append(record(told, offset=offset))
        return self.log.written[-1]


def order(
    batch_id: UUID, action: str, job_id: UUID | None = None, **changes: Any
) -> BatchesControl:
    given = {"batch_id": batch_id, "action": action, "job_id": job_id}
    return BatchesControl.model_validate(given | changes)


async def rows_of(live: Aggregator) -> dict[str, list[dict[str, Any]]]:
    found = {table: await live.rows(f"SELECT * FROM {table}") for table in TABLES}  # noqa: S608 - names of our own
    for table, rows in found.items():
        for row in rows:
            for column in UNTOLD & row.keys():
                del row[column]
        found[table] = sorted(rows, key=str)
    return found
