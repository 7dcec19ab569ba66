"""From records to what they say, sorted by kind; what says nothing is put aside."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from services.aggregator import dead_letters
from shared import topics
from shared.artefacts import Artefacts
from shared.errors import InvalidEventError, InvalidRequestError, PermanentError
from shared.events import (
    CATALOG,
    BatchesControl,
    BatchesSubmitted,
    Event,
    JobEvent,
    JobsProgress,
)
from shared.runtime.envelope import addressed_to
from shared.vocabulary import BatchRequest

AGGREGATOR = "aggregator"
# Records that are decoded in one go: about two milliseconds.
TURN = 100
# Every topic whose records are folded.
FOLDED = (
    *(topic.name for topic in topics.DECLARED if AGGREGATOR in topic.consumed_by),
    *sorted(dead_letters.TOPICS),
)
# What happens to jobs. By type: `isinstance` asks a metaclass, once for every event.
STEPS = frozenset(each for each in CATALOG.values() if issubclass(each, JobEvent))


class Record(Protocol):
    """A Kafka record, as far as the fold looks into it."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]


class Decode(Protocol):
    """Turns a record into its event: the runtime's `envelope.decode`."""

    def __call__(  # noqa: PLR0913 - the runtime's signature
        self,
        event_type: type[Event],
        value: bytes | None,
        headers: Iterable[tuple[str, bytes | None]],
        *,
        topic: str,
        partition: int,
        offset: int,
        timestamp: int | None = None,
    ) -> Event:
        """Return the event, or raise `InvalidEventError`."""
        ...


@dataclass(slots=True)
class News:
    """What a portion of the log says.

    Attributes:
        submitted: Batches, each with its request.
        steps: What happened to jobs.
        orders: What users want.
        lines: Lines of jobs' logs.
        dead: Rows of dead letters.
        bad: Records that say nothing, and why.
    """

    submitted: list[tuple[BatchesSubmitted, BatchRequest]] = field(default_factory=list)
    steps: list[JobEvent] = field(default_factory=list)
    orders: list[BatchesControl] = field(default_factory=list)
    lines: list[JobsProgress] = field(default_factory=list)
    dead: list[dict[str, Any]] = field(default_factory=list)
    bad: list[tuple[Any, PermanentError]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Decodes records, and fetches the requests that were too large for one."""

    decode: Decode
    artefacts: Artefacts

    async def read(self, records: Sequence[Record]) -> News:
        """Return what `records` say.

        Raises:
            UnavailableError: a request cannot be fetched now.
        """
        news = News()
        for number, record in enumerate(records):
            if number % TURN == 0:
                # What was read before is being written meanwhile, and needs its turn.
                await asyncio.sleep(0)
            if record.topic in dead_letters.TOPICS:
                news.dead.append(dead_letters.row_of(record))
                continue
            try:
                event = self._event(record)
                if type(event) in STEPS:
                    news.steps.append(cast(JobEvent, event))
                else:
                    await self._sort(event, news)
            except PermanentError as error:
                # What is sent again to somebody else is that one's to refuse.
                if addressed_to(record.headers, AGGREGATOR):
                    news.bad.append((record, error))
        return news

    def _event(self, record: Record) -> Event:
        return self.decode(
            CATALOG[record.topic],
            record.value,
            record.headers,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
        )

    async def _sort(self, event: Event, news: News) -> None:
        match event:
            case JobsProgress():
                news.lines.append(event)
            case BatchesControl():
                news.orders.append(event)
            case BatchesSubmitted():
                news.submitted.append((event, await self._request(event)))
            case _:
                raise InvalidEventError(f"{event.topic.name} is not folded")

    async def _request(self, event: BatchesSubmitted) -> BatchRequest:
        if event.request is not None:
            return event.request
        if event.request_ref is None:
            raise InvalidEventError("batches.submitted: give request or request_ref")
        data = await self.artefacts.get(event.request_ref)
        try:
            return BatchRequest.model_validate_json(data)
        except ValueError as error:
            key = event.request_ref.key
            raise InvalidRequestError(f"request_ref: {key} is not a batch request") from error
