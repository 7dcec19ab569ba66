"""A stage: from an event to events. The rest of it is here, the same for all stages.

FastStream commits on a timer by default, whether or not the handler succeeded. Here a
record is *settled* first: its results are published, or it lies in the dead letters with
the job's failure published. Only then may its offset be committed, and only once every
earlier record of its partition is settled too.
"""

import asyncio
import itertools
import logging
import math
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar

import structlog
from aiokafka import ConsumerRecord
from opentelemetry import trace

from shared.errors import InvalidEventError, PipelineError, StoppedError, TransientError
from shared.events import Event, JobEvent, JobsFailed
from shared.quota import Bill, caller, one_model, turn
from shared.runtime import stopping
from shared.runtime.control import Control
from shared.runtime.crowd import Crowd
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.dead_letters import Failure
from shared.runtime.envelope import addressed_to, decode, trace_of
from shared.runtime.publisher import Publisher
from shared.runtime.retry import Attempts
from shared.runtime.starts import Starts
from shared.telemetry import stages

log = logging.getLogger(__name__)
tracer = trace.get_tracer("bolt.stage")

# Numbers the records of this process as they come.
ARRIVALS = itertools.count(1)

E = TypeVar("E", bound=JobEvent)
Handler = Callable[[E], Awaitable[Sequence[Event]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[E]):
    """What a service does with one kind of event.

    Attributes:
        name: The service, and its consumer group.
        consumes: The event it waits for.
        handle: The function that answers it.
        publisher: Where answers go.
        max_attempts: Tries of one event before its job fails.
        handler_seconds: How long one try may take.
        starts: Finds the record that kills the process.
        limit: Ends the taking of records when nearly all of them fail.
        control: Knows what users have ordered.
        crowd: Keeps one user's records from being all there are.
        longest_wait: Seconds that a record waits for a quota before its job is given back.
    """

    name: str
    consumes: type[E]
    handle: Handler[E]
    publisher: Publisher
    max_attempts: int
    handler_seconds: float
    starts: Starts = field(default_factory=Starts)
    limit: DeadLetterLimit = field(default_factory=DeadLetterLimit)
    control: Control = field(default_factory=Control)
    crowd: Crowd = field(default_factory=lambda: Crowd(sys.maxsize))
    longest_wait: float = math.inf

    async def settle(self, record: ConsumerRecord) -> None:
        """Process one record to its end. Returns only when nothing of it can be lost.

        Raises:
            asyncio.CancelledError: the process is stopping; the record comes again.
            StageStoppedError: too much fails; the record must be kept until a restart.
        """
        self.limit.check()
        if not addressed_to(record.headers, self.name):
            # Sent again for another reader of this topic.
            return
        span = tracer.start_as_current_span(
            f"{record.topic} process",
            context=trace_of(record.headers),
            kind=trace.SpanKind.CONSUMER,
            attributes={
                "messaging.system": "kafka",
                "messaging.operation.type": "process",
                "messaging.destination.name": record.topic,
                "messaging.destination.partition.id": str(record.partition),
                "messaging.consumer.group.name": self.name,
                "messaging.kafka.offset": record.offset,
            },
        )
        with span, stages.settling(self.name, record.topic, record.timestamp):
            await self._settle(record)

    async def _settle(self, record: ConsumerRecord) -> None:
        attempts = Attempts(self.max_attempts, longest=self.longest_wait)
        began, first_at = time.monotonic(), datetime.now(UTC)
        event: E | None = None
        bill = Bill()
        try:
            event = self._decode(record)
            bill = self.control.bill(self.name, event)
            _is_for(event)
            attempts.failed = event.failed_tries
            going, place = self.control.going(event, bill), self.crowd.place(event)
            async with going, place, self.starts.of(record):
                answers = await attempts.run(lambda: self._answer(event))
            await self._report(answers, attempts, bill)
            self.limit.succeeded()
            log.info("%s settled in %.2f s", record.topic, time.monotonic() - began)
        except StoppedError as stopped:
            assert event is not None  # noqa: S101 - nothing is stopped before it is decoded
            log.info("%s given back: %s", record.topic, stopped)
            answer = stopping.answer(self.name, event, stopped, attempts)
            await self._report([answer], attempts, bill)
        except Exception as error:  # noqa: BLE001 - every failure must settle the record
            _tell(record, error)
            self.limit.failed(error, event)
            failure = Failure(
                error=error, attempts=max(1, attempts.failed), first_at=first_at, event=event
            )
            await self._put_aside(record, failure)
            if event is not None:
                await self._report([self._failed(event, failure, attempts)], attempts, bill)

    def _decode(self, record: ConsumerRecord) -> E:
        return decode(
            self.consumes,
            record.value,
            record.headers,
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
        )

    async def _answer(self, event: E) -> Sequence[Event]:
        limit = asyncio.timeout(self.handler_seconds)
        try:
            async with limit:
                return await self.handle(event)
        except TimeoutError as error:
            if limit.expired():
                raise TransientError(f"no answer in {self.handler_seconds:.0f} s") from error
            raise

    async def _put_aside(self, record: ConsumerRecord, failure: Failure) -> None:
        async def put_aside() -> None:
            await self.publisher.dead_letter(record, failure)

        await Attempts(self.max_attempts).run(put_aside)

    def _failed(self, event: E, failure: Failure, attempts: Attempts) -> JobsFailed:
        if not attempts.history or attempts.history[-1].delay_seconds is not None:
            attempts.record(failure.error)
        return JobsFailed(
            **event.leads_to(f"{self.name}.failed"),
            stage=self.name,
            code=failure.code,
            reason=failure.reason,
            attempts=failure.attempts,
        )

    async def _report(self, answers: Sequence[Event], attempts: Attempts, bill: Bill) -> None:
        paid = await bill.total()
        for answer in answers:
            event = _with(answer, history=tuple(attempts.history), usage=paid)
            # With the first that can say so, and with no other.
            paid = () if "usage" in type(event).model_fields else paid

            async def publish(event: Event = event) -> None:
                await self.publisher.publish(event)

            # Only Kafka itself can fail here, and it is waited for without limit.
            await Attempts(self.max_attempts).run(publish)
        await bill.settle()


def _with(event: Event, **facts: tuple[object, ...]) -> Event:
    """Return `event` with what there is to tell of `facts`, where it can."""
    told = {name: fact for name, fact in facts.items() if fact and hasattr(event, name)}
    return event.model_copy(update=told) if told else event


def _is_for(event: JobEvent) -> None:
    """Let logs, spans and quotas know whose work this is."""
    structlog.contextvars.bind_contextvars(job_id=str(event.job_id))
    stages.is_about(event.job_id, event.batch_id)
    # Quotas are shared evenly between users; of one user, what came first goes first.
    caller.set(str(event.user_id))
    turn.set(next(ARRIVALS))
    one_model.set(not event.options.other_models)


def _tell(record: ConsumerRecord, error: Exception) -> None:
    stages.failed(error)
    where = f"{record.topic}/{record.partition}/{record.offset}"
    if isinstance(error, InvalidEventError):
        log.error("not an event at %s: %s", where, error)
    elif isinstance(error, PipelineError):
        log.error("gave up on %s: %s: %s", where, type(error).__name__, error)
    else:
        log.error("a bug on %s", where, exc_info=error)
