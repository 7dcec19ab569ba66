"""Feeds a stage from Kafka: many records at once, offsets committed only behind settled ones."""

import asyncio
import logging
from typing import Any

from aiokafka import ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream_concurrent_aiokafka import (
    ConsumerRebalanceListener,
    KafkaConcurrentProcessingMiddleware,
    initialize_concurrent_processing,
    is_kafka_handler_healthy,
    stop_concurrent_processing,
)

from shared.runtime import lag, pressure
from shared.runtime.connection import consumer_options
from shared.runtime.dead_letter_limit import StageStoppedError
from shared.runtime.lag import Lag
from shared.runtime.settings import CommonSettings
from shared.runtime.silence import Silence
from shared.runtime.stage import Stage
from shared.telemetry import stages

log = logging.getLogger(__name__)

COMMIT_SECONDS = 0.3
# How long a rebalance waits for work in flight. What is not done by then is done again by
# the new owner, which finds finished parts in the artefact store.
REVOKE_SECONDS = 5.0
LAST_COMMIT_SECONDS = 5.0


class Worker:
    """The consumer of one stage."""

    def __init__(self, broker: KafkaBroker, stage: Stage[Any], settings: CommonSettings) -> None:
        self._broker = broker
        self._stage = stage
        self._settings = settings
        self._in_flight = 0
        self._broken = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._lag = Lag(stage.name, (stage.consumes.topic.name,))
        self._silence = Silence()
        broker.add_middleware(KafkaConcurrentProcessingMiddleware)
        self._subscriber = broker.subscriber(
            stage.consumes.topic.name,
            # FastStream itself never commits; the middleware does, behind settled records.
            ack_policy=AckPolicy.MANUAL,
            listener=ConsumerRebalanceListener.from_context(broker.context, REVOKE_SECONDS),
            **consumer_options(stage.name, settings),
        )
        self._subscriber(self._consume)

    async def start(self) -> None:
        """Make ready to take records; runs before the consumer starts."""
        stages.begin(self._stage.name, self._stage.consumes.topic.name, self._settings.window)
        self._measuring = asyncio.create_task(self._measure())
        self._heeding = asyncio.create_task(pressure.tell(self._stage.crowd.heed))
        self._watching = asyncio.create_task(
            self._silence.watch(lambda: self._subscriber.consumer, lambda: self._in_flight > 0)
        )
        await initialize_concurrent_processing(
            self._broker.context,
            # Fair use of providers is not decided by how many records are open here.
            concurrency_limit=self._settings.window,
            max_uncommitted_tasks=self._settings.window * 4,
            commit_batch_size=self._settings.window,
            commit_batch_timeout_sec=COMMIT_SECONDS,
            rebalance_flush_timeout_sec=REVOKE_SECONDS,
            shutdown_timeout_sec=LAST_COMMIT_SECONDS,
        )

    async def drain(self) -> None:
        """Take no more records, let those in flight finish, commit, and cut off the rest."""
        await self._pause()
        log.info("draining %d records in flight", self._in_flight)
        try:
            async with asyncio.timeout(self._settings.drain_seconds):
                await self._idle.wait()
        except TimeoutError:
            log.warning("%d records were not finished; they come again", self._in_flight)
        self._measuring.cancel()
        self._heeding.cancel()
        self._watching.cancel()
        await stop_concurrent_processing(self._broker.context)

    def is_alive(self) -> bool:
        """Return whether records still flow, or could."""
        consumer = self._subscriber.consumer
        return not (self._broken or self._silence.stuck) and (
            consumer is None or is_kafka_handler_healthy(self._broker.context)
        )

    async def _consume(self, record: ConsumerRecord) -> None:
        self._in_flight += 1
        self._lag.given(record)
        self._silence.heard()
        self._idle.clear()
        try:
            await self._stage.settle(record)
        except StageStoppedError:
            await self._pause()
            settled = False
        except Exception:
            log.critical("a record is not settled and must come again", exc_info=True)
            self._broken = True
            settled = False
        else:
            settled = True
        finally:
            self._in_flight -= 1
            if not self._in_flight:
                self._idle.set()
        if not settled:
            # Whatever returns from here is committed. This record holds its offset, and
            # nothing else, until the process ends.
            await asyncio.Event().wait()

    async def _measure(self) -> None:
        while True:
            consumer = self._subscriber.consumer
            if consumer is not None:
                self._lag.report(consumer, in_hand=self._in_flight)
            await asyncio.sleep(lag.EVERY_SECONDS)

    async def _pause(self) -> None:
        consumer = self._subscriber.consumer
        if consumer is not None:
            consumer.pause(*consumer.assignment())
