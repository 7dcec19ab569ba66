"""Takes the log in, exactly once: effects and offsets are one transaction."""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from services.aggregator import deleting, measuring
from services.aggregator.reading import News, Reader, Record
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
        write = await self.read(records)
        await write()

    async def read(self, records: Sequence[Any]) -> Callable[[], Awaitable[None]]:
        """Decode `records`; return what takes in what of them is new.

        Raises:
            TransientError: try the same records again; also where it is raised by what is
                returned.
        """
        portions = [(each, await self.reader.read(each)) for each in _portions(records)]
        return partial(self._write, portions)

    async def _write(self, portions: Sequence[tuple[Sequence[Record], News]]) -> None:
        for records, news in portions:
            await self._surely(records, news)
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

    async def _surely(self, records: Sequence[Record], news: News | None = None) -> None:
        """Take records in; where that fails for good, find the one to blame and put it aside."""
        try:
            await self._take(records, news or await self.reader.read(records))
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

    async def _take(self, records: Sequence[Record], news: News) -> None:
        began = time.time_ns()
        spans = _spans(records)
        async with self.database.transaction() as connection:
            # Locked, and compared in here: a record may come twice, and to two of us.
            stored = await offsets.lock(connection, spans.keys())
            if any(span[0] < stored[partition] for partition, span in spans.items()):
                records = [each for each in records if each.offset >= stored[_partition(each)]]
                if not records:
                    return
                spans, news = _spans(records), await self.reader.read(records)
            await asyncio.gather(*(self.dead_letter(record, why) for record, why in news.bad))
            # What is left out here is there again when the same news are taken in once more.
            news = replace(news)
            late = await deleting.leave_out(connection, news)
            taking = Taking(connection, news)
            await taking.run()
            await offsets.store(connection, {each: span[1] for each, span in spans.items()})
        measuring.tell(records, taking.ended, [*taking.bills, *late], began)

    async def _put_aside(self, record: Record, error: Exception) -> None:
        async with self.database.transaction() as connection:
            stored = await offsets.lock(connection, [_partition(record)])
            if record.offset >= stored[_partition(record)]:
                await self.dead_letter(record, error)
                await offsets.store(connection, {_partition(record): record.offset + 1})


def _partition(record: Record) -> Partition:
    return record.topic, record.partition


def _spans(records: Sequence[Record]) -> dict[Partition, tuple[int, int]]:
    """Return the lowest offset of each partition, and the one after its last."""
    by_topic: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        by_topic[record.topic][record.partition].append(record.offset)
    return {
        (topic, partition): (min(offsets), offsets[-1] + 1)
        for topic, partitions in by_topic.items()
        for partition, offsets in partitions.items()
    }


def _portions(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    # New batches first: their jobs' events then find them there.
    submitted = [each for each in records if each.topic == topics.BATCHES_SUBMITTED.name]
    for start in range(0, len(submitted), BATCHES_PER_TRANSACTION):
        yield submitted[start : start + BATCHES_PER_TRANSACTION]
    if rest := [each for each in records if each.topic != topics.BATCHES_SUBMITTED.name]:
        yield rest
