"""Takes the log in, exactly once: effects and offsets are one transaction."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.aggregator import deleting, measuring
from services.aggregator.reading import Reader, Record
from services.aggregator.store import Database, offsets
from services.aggregator.taking_in import Taking
from shared import topics
from shared.errors import TransientError

log = logging.getLogger(__name__)

Partition = tuple[str, int]

# Each may expand to thousands of rows, and a transaction holds its locks to the end.
BATCHES_PER_TRANSACTION = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """What the consumer feeds.

    Attributes:
        dead_letter: Puts a record aside and returns once Kafka has it.
        folded: Is called after every transaction: there may be work to release.
    """

    database: Database
    reader: Reader
    dead_letter: Callable[[Any, BaseException], Awaitable[None]]
    folded: Callable[[], None]

    async def __call__(self, records: Sequence[Any]) -> None:
        """Take in what of `records` is new.

        Raises:
            TransientError: try the same records again.
        """
        for portion in _portions(records):
            await self._surely(portion)
            self.folded()

    async def positions(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """Return the next offset of those partitions of which anything was taken in."""
        async with self.database.transaction() as connection:
            return await offsets.read(connection, partitions)

    async def rewind(self, partitions: Collection[Partition]) -> None:
        """Start over with topics that were made anew; what repeats changes nothing."""
        async with self.database.transaction() as connection:
            await offsets.lock(connection, partitions)
            await offsets.store(connection, dict.fromkeys(partitions, 0))

    async def _surely(self, records: Sequence[Record]) -> None:
        """Take records in; where that fails for good, find the one to blame and put it aside."""
        try:
            await self._take(records)
        except TransientError:
            raise
        except Exception as error:
            if len(records) == 1:
                log.exception("put aside: %s/%d", records[0].topic, records[0].offset)
                await self._put_aside(records[0], error)
                return
            half = len(records) // 2
            await self._surely(records[:half])
            await self._surely(records[half:])

    async def _take(self, records: Sequence[Record]) -> None:
        began = time.time_ns()
        async with self.database.transaction() as connection:
            # Locked, and compared in here: a record may come twice, and to two of us.
            stored = await offsets.lock(connection, {_partition(record) for record in records})
            new = [record for record in records if record.offset >= stored[_partition(record)]]
            if not new:
                return
            news = await self.reader.read(new)
            await asyncio.gather(*(self.dead_letter(record, why) for record, why in news.bad))
            late = await deleting.leave_out(connection, news)
            taking = Taking(connection, news)
            await taking.run()
            await offsets.store(connection, _ends(new))
        measuring.tell(new, taking.ended, [*taking.bills, *late], began)

    async def _put_aside(self, record: Record, error: Exception) -> None:
        async with self.database.transaction() as connection:
            stored = await offsets.lock(connection, [_partition(record)])
            if record.offset >= stored[_partition(record)]:
                await self.dead_letter(record, error)
                await offsets.store(connection, _ends([record]))


def _partition(record: Record) -> Partition:
    return record.topic, record.partition


def _ends(records: Sequence[Record]) -> dict[Partition, int]:
    return {_partition(record): record.offset + 1 for record in records}


def _portions(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    # New batches first: their jobs' events then find them there.
    submitted = [each for each in records if each.topic == topics.BATCHES_SUBMITTED.name]
    for start in range(0, len(submitted), BATCHES_PER_TRANSACTION):
        yield submitted[start : start + BATCHES_PER_TRANSACTION]
    if rest := [each for each in records if each.topic != topics.BATCHES_SUBMITTED.name]:
        yield rest
