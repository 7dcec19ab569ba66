"""One service as a process: its Kafka, its health, its work."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from typing import Any, TypeVar
from uuid import UUID

from aiokafka import ConsumerRecord
from faststream.asgi import AsgiFastStream
from faststream.asgi.types import ASGIApp

from shared.events import Event, JobEvent
from shared.quota import Budgets, RedisLines
from shared.runtime import collecting, exposition, places, telemetry
from shared.runtime.adding_up import adding_up
from shared.runtime.connection import open_broker
from shared.runtime.control import Control
from shared.runtime.crowd import Crowd
from shared.runtime.dead_letter_limit import DeadLetterLimit
from shared.runtime.dead_letters import Failure
from shared.runtime.health import Health
from shared.runtime.presence import Presence, ending
from shared.runtime.publisher import Publisher
from shared.runtime.redrive import Redrive, body_again, headers_again
from shared.runtime.settings import CommonSettings
from shared.runtime.stage import Handler, Stage
from shared.runtime.starts import RedisCounts, Starts
from shared.runtime.topic_check import check_topics, topics_of
from shared.runtime.voices import FIRST_SECONDS, VoiceNews
from shared.runtime.worker import Worker
from shared.topics import DEAD, dead_letter_name

log = logging.getLogger(__name__)

E = TypeVar("E", bound=JobEvent)
Task = Callable[[], Awaitable[None]]

# The last spans are worth this much of the time that is left to stop in.
FLUSH_SECONDS = 2.0
Resources = Sequence[AbstractAsyncContextManager[Any]]


class Service:
    """What a service has before it does anything: a name, settings, a way to publish.

    One of three makes it a process: `stage` (a handler of one event), `app` (background
    tasks) or `connection` (inside another ASGI app, the gateway's).
    """

    def __init__(self, name: str, settings: CommonSettings) -> None:
        self._telemetry = telemetry.set_up(name, settings)
        self.name = name
        self.settings = settings
        self.health = Health()
        self.presence = Presence(settings.redis_url, name, ending(settings.drain_seconds))
        self._topics = topics_of(name)
        self.broker = open_broker(name, settings)
        self._publisher = Publisher(self.broker, name)
        self.health.ready.append(self._kafka_answers)
        self.health.alive.append(self._publisher.is_alive)

    async def publish(self, event: Event) -> None:
        """Publish `event` and wait until the brokers have it.

        Raises:
            UnavailableError: they did not take it in time.
        """
        await self._publisher.publish(event)

    def report(self, job_id: UUID, message: str) -> None:
        """Add a line to a job's log, without waiting and without a promise."""
        self._publisher.report(job_id, message)

    async def dead_letter(self, record: ConsumerRecord, error: BaseException) -> None:
        """Put aside a record that cannot be processed.

        Raises:
            UnavailableError: Kafka did not take it.
        """
        if record.topic.endswith(DEAD):
            # It is put aside already, and nobody answers for it a second time.
            log.error("a dead letter cannot be read: %s/%d", record.topic, record.offset)
            return
        await self._publisher.dead_letter(record, Failure(error=error))

    async def resend(self, letter: ConsumerRecord, value: bytes, redrive: Redrive) -> None:
        """Publish what is in a dead letter, for whom it failed; raises as `publish` does."""
        headers = headers_again(letter, redrive)
        body = body_again(value, headers, redrive)
        await self._publisher.resend(redrive.from_topic, letter.key, body, headers)

    async def read(self, wanted: Collection[places.Place]) -> dict[places.Place, ConsumerRecord]:
        """Return the records at those places, without those that Kafka does not have any more.

        Raises:
            UnavailableError: Kafka did not answer.
        """
        return await places.read(self.settings.kafka_bootstrap_servers, wanted)

    def health_routes(self) -> list[tuple[str, ASGIApp]]:
        """Return the probes and the metrics, for an app that is not built here."""
        return [*self.health.routes(), exposition.route(self._telemetry)]

    def stage(self, *, consumes: type[E], handle: Handler[E], uses: Resources = ()) -> ASGIApp:
        """Return the process that answers every `consumes` with what `handle` returns.

        Args:
            consumes: The event it waits for.
            handle: From one event to the events it causes.
            uses: Pools and clients, opened before the first message and closed after the last.
        """
        topic = consumes.topic.name
        self._topics |= {topic, dead_letter_name(topic, self.name)}
        counts = RedisCounts(self.settings.redis_url)
        budgets = Budgets(self.settings.redis_url)
        lines = RedisLines(self.settings.redis_url)
        control = Control(budgets, lines)
        stage = Stage(
            name=self.name,
            consumes=consumes,
            handle=handle,
            publisher=self._publisher,
            max_attempts=self.settings.attempts,
            handler_seconds=self.settings.handler_seconds,
            starts=Starts(counts, self.name, self.settings.max_starts, self.settings.window),
            limit=DeadLetterLimit(
                self.name, self.settings.dead_letter_limit, self.settings.dead_letter_sample
            ),
            control=control,
            # The other half is left to everybody else.
            crowd=Crowd(max(1, self.settings.window // 2), self.settings.handlers_of_a_user),
            longest_wait=self.settings.park_after_seconds,
        )
        worker = Worker(self.broker, stage, self.settings)
        following = control.following(self.settings.kafka_bootstrap_servers)
        self.health.alive.append(worker.is_alive)
        self.health.troubles.append(lambda: stage.limit.stopped)
        return AsgiFastStream(
            self.broker,
            logger=None,
            lifespan=self._lifespan([counts, budgets, lines, following, *uses]),
            on_startup=[worker.start],
            after_startup=[self._started],
            on_shutdown=[worker.drain],
            asgi_routes=self.health_routes(),
        )

    def app(
        self, *, tasks: Sequence[Task], uses: Resources = (), new_objects: int = collecting.NEW
    ) -> ASGIApp:
        """Return the process that runs `tasks` for as long as it lives.

        A task that ends or fails makes the process not live: whoever runs it restarts it.
        A task is stopped by cancelling it; it finishes what must not be cut in half.

        Args:
            tasks: What runs.
            uses: Pools and clients, opened before and closed after.
            new_objects: How many there are before Python looks for cycles among them.
        """
        running: list[asyncio.Task[None]] = []

        async def start() -> None:
            running.extend(asyncio.create_task(_supervised(task)) for task in tasks)
            self._started(new_objects)

        async def stop() -> None:
            for task in running:
                task.cancel()
            await asyncio.wait(running, timeout=self.settings.drain_seconds)

        self.health.alive.append(lambda: not any(task.done() for task in running))
        return AsgiFastStream(
            self.broker,
            logger=None,
            lifespan=self._lifespan(uses),
            after_startup=[start],
            on_shutdown=[stop],
            asgi_routes=self.health_routes(),
        )

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[None]:
        """Keep the producer open, and the probes answering, inside another app's lifespan."""
        async with self._lifespan(())():
            await self.broker.start()
            self._started()
            try:
                yield
            finally:
                await self.broker.stop()

    def _lifespan(self, uses: Resources) -> Callable[[], AbstractAsyncContextManager[None]]:
        @asynccontextmanager
        async def lifespan() -> AsyncIterator[None]:
            await check_topics(self.settings.kafka_bootstrap_servers, self._topics)
            heartbeat = asyncio.create_task(self.health.heartbeat())
            async with AsyncExitStack() as stack:
                stack.callback(heartbeat.cancel)
                await stack.enter_async_context(self._fresh_voices())
                await stack.enter_async_context(adding_up(self.settings.redis_url))
                await stack.enter_async_context(self.presence)
                for resource in uses:
                    await stack.enter_async_context(resource)
                yield
            await asyncio.to_thread(telemetry.flush, FLUSH_SECONDS)
            log.info("stopped")

        return lifespan

    @asynccontextmanager
    async def _fresh_voices(self) -> AsyncIterator[None]:
        first = asyncio.Event()
        following = asyncio.create_task(VoiceNews(self.settings.redis_url).follow(first))
        # A Redis that is slow to answer keeps nobody from starting with the bundled voices.
        with suppress(TimeoutError):
            await asyncio.wait_for(first.wait(), FIRST_SECONDS)
        try:
            yield
        finally:
            following.cancel()
            await asyncio.wait([following])

    def _started(self, new_objects: int = collecting.NEW) -> None:
        collecting.settle(new_objects)
        self.health.started = True
        self.presence.becomes("ready")
        log.info("started")

    async def _kafka_answers(self) -> bool:
        return await self.broker.ping(timeout=3.0)


async def _supervised(task: Task) -> None:
    try:
        await task()
    except Exception:
        log.exception("a background task died")
        raise
