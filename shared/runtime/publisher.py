"""Publishes events, lines of a job's log, and dead letters."""

import asyncio
import logging
from uuid import UUID

from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaError, MessageSizeTooLargeError, OutOfOrderSequenceNumber
from faststream.exceptions import FastStreamException
from faststream.kafka import KafkaBroker
from opentelemetry import trace

from shared.errors import InvalidRequestError, UnavailableError
from shared.events import BatchesSubmitted, Event, JobsProgress
from shared.runtime import tracing
from shared.runtime.dead_letters import Failure, dead_headers
from shared.runtime.envelope import headers_of, origin_of
from shared.telemetry import messaging, stages
from shared.topics import dead_letter_name

log = logging.getLogger(__name__)
tracer = trace.get_tracer("bolt.publisher")

# An idempotent producer's batches never expire: without a limit of our own a publish
# would wait for as long as the broker is away.
PUBLISH_SECONDS = 15.0
# A job's log is best effort: past this many lines in flight the next ones are dropped.
MAX_REPORTS = 500
# An idempotent producer that left a gap is refused on that partition until it begins anew.
MAX_OUT_OF_ORDER = 5


class Publisher:
    """Writes to Kafka in the name of one service."""

    def __init__(self, broker: KafkaBroker, service: str) -> None:
        self._broker = broker
        self._service = service
        self._reports: set[asyncio.Task[None]] = set()
        self._out_of_order = 0

    def is_alive(self) -> bool:
        """Return whether it can publish, or could once Kafka is back."""
        return self._out_of_order < MAX_OUT_OF_ORDER

    async def publish(self, event: Event) -> None:
        """Publish `event` and wait until the brokers have it.

        Raises:
            UnavailableError: they did not take it in time.
            InvalidRequestError: it is larger than they take at all.
        """
        topic = event.topic.name
        body = event.model_dump_json(exclude_none=True).encode()
        kind = trace.SpanKind.PRODUCER
        with tracer.start_as_current_span(f"{topic} publish", origin_of(event), kind):
            headers = headers_of(event, self._service)
            try:
                await self._send(topic, event.key, body, headers)
            except MessageSizeTooLargeError as error:
                raise InvalidRequestError(
                    f"an event of {len(body)} bytes for {topic} is more than Kafka takes"
                ) from error
            if isinstance(event, BatchesSubmitted):
                tracing.accepted(event)

    def report(self, job_id: UUID, message: str) -> None:
        """Add a line to a job's log, without waiting and without a promise."""
        if len(self._reports) >= MAX_REPORTS:
            return
        event = JobsProgress(job_id=job_id, stage=self._service, message=message)
        task = asyncio.create_task(self._try(event))
        self._reports.add(task)
        task.add_done_callback(self._reports.discard)

    async def dead_letter(self, record: ConsumerRecord, failure: Failure) -> None:
        """Put aside a record that cannot be processed: its bytes, its headers, and why.

        Raises:
            UnavailableError: Kafka did not take it, so the record is not settled.
        """
        topic = dead_letter_name(record.topic, self._service)
        headers = dead_headers(record, failure, self._service)
        try:
            await self._send(topic, record.key, record.value or b"", headers)
        except MessageSizeTooLargeError:
            # The record filled the broker's limit and our headers do not fit on top. Its
            # bytes stay where `dead_topic/partition/offset` says.
            await self._send(topic, record.key, b"", headers | {"dead_value": "too large"})
        stages.put_aside(record.topic, failure.error)

    async def resend(
        self, topic: str, key: bytes | None, body: bytes, headers: dict[str, str]
    ) -> None:
        """Publish a record as it was put aside.

        Raises:
            UnavailableError: Kafka did not take it in time.
            InvalidRequestError: it is larger than Kafka takes.
        """
        try:
            await self._send(topic, key, body, headers)
        except MessageSizeTooLargeError as error:
            raise InvalidRequestError(f"{len(body)} bytes are more than Kafka takes") from error

    async def _send(
        self, topic: str, key: bytes | None, body: bytes, headers: dict[str, str]
    ) -> None:
        try:
            with messaging.sending(topic):
                async with asyncio.timeout(PUBLISH_SECONDS):
                    await self._broker.publish(body, topic=topic, key=key, headers=headers)
        except MessageSizeTooLargeError:
            raise
        except (KafkaError, TimeoutError, FastStreamException) as error:
            # Only a new producer is out of it: the process is to be restarted.
            self._out_of_order += isinstance(error, OutOfOrderSequenceNumber)
            raise UnavailableError(f"Kafka did not take a record for {topic}: {error!r}") from error

    async def _try(self, event: Event) -> None:
        try:
            await self.publish(event)
        except UnavailableError as error:
            log.info("a line of a job's log was lost: %s", error)
