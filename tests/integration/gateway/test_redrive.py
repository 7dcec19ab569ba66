import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from services.gateway.redriving import Redriver
from services.gateway.store.database import Database
from services.gateway.store.dead_letters import (
    DeadLetterStore,
    LetterFilter,
    RedriveOrder,
    Verdicts,
)
from services.gateway.store.redrives import RedriveStore
from shared.errors import PermanentError
from shared.events import JobEvent
from shared.postgres import open_pool
from shared.runtime import CommonSettings, Service
from shared.runtime.create_topics import Settings, create
from shared.runtime.envelope import readable
from shared.topics import ALL, dead_letter_name
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import audio_ready, job_failed, script_adapted
from tests.support.dead import dead_letter
from tests.support.records import record

pytestmark = pytest.mark.connected

ME = uuid4()


@pytest.fixture
async def aggregator(database_url: str) -> AsyncIterator[Aggregator]:
    async with open_aggregator(database_url) as opened:
        yield opened


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


@pytest.fixture
async def service(kafka: str) -> AsyncIterator[Service]:
    await create(Settings(kafka_bootstrap_servers=kafka))
    service = Service("gateway", CommonSettings(kafka_bootstrap_servers=kafka))
    async with service.connection():
        yield service


def order(letter_id: UUID | None = None, **changes: object) -> RedriveOrder:
    ids = None if letter_id is None else [letter_id]
    values: dict[str, object] = {"wanted": LetterFilter(), "ids": ids, "by": ME, **changes}
    return RedriveOrder(**values)  # type: ignore[arg-type]  # a test's own changes


async def fail(aggregator: Aggregator, count: int) -> list[UUID]:
    """Have `count` jobs fail in the narrator, and their dead letters listed."""
    events = [script_adapted(job_id=uuid4()) for _ in range(count)]
    letters = [dead_letter(event, PermanentError("no"), offset=n) for n, event in enumerate(events)]
    failures = [record(job_failed(job_id=event.job_id), offset=n) for n, event in enumerate(events)]
    await aggregator.fold([*failures, *letters])
    return [event.job_id for event in events]


async def test_each_is_sent_once_unless_asked(aggregator: Aggregator, database: Database) -> None:
    await fail(aggregator, 3)
    store = DeadLetterStore(database)

    trial = await store.redrive(order(try_only=True))
    first = await asyncio.gather(*(store.redrive(order()) for _ in range(4)))
    again = await store.redrive(order(again=True))

    assert trial == Verdicts(3, 0, 0)
    assert sum(verdicts.redriven for verdicts in first) == 3
    assert sum(verdicts.already for verdicts in first) == 9
    assert again == Verdicts(3, 0, 0)


async def test_jobs_that_have_moved_on_are_left_alone(
    aggregator: Aggregator, database: Database
) -> None:
    moved, _ = await fail(aggregator, 2)
    await aggregator.fold([record(audio_ready(job_id=moved, run=2))])

    verdicts = await DeadLetterStore(database).redrive(order())

    assert verdicts == Verdicts(1, 0, 1)


async def test_filters_say_which(aggregator: Aggregator, database: Database) -> None:
    job, _ = await fail(aggregator, 2)
    store = DeadLetterStore(database)

    found = await store.page(LetterFilter(job_id=job), None, 10)
    verdicts = await store.redrive(order(found[0].letter_id))
    sent = await store.page(LetterFilter(redriven=True), None, 10)

    assert verdicts == Verdicts(1, 0, 0)
    assert [letter.job_id for letter in sent] == [job]
    assert (await store.redrive(order(wanted=LetterFilter(code="bug")))) == Verdicts(0, 0, 0)


async def test_what_a_dead_process_had_taken_is_taken_by_another(
    aggregator: Aggregator, database: Database
) -> None:
    await fail(aggregator, 3)
    await DeadLetterStore(database).redrive(order())
    redrives = RedriveStore(database)

    first = await redrives.take(2)
    rest = await redrives.take(5)
    await database.run("UPDATE redrives SET taken_at = now() - interval '2 minutes'")
    again = await redrives.take(5)

    assert (len(first), len(rest), len(again)) == (2, 1, 3)


async def test_a_failed_job_goes_on_where_it_failed(
    aggregator: Aggregator, database: Database, service: Service, kafka: str
) -> None:
    event = script_adapted(job_id=uuid4())
    await aggregator.fold([record(job_failed(job_id=event.job_id))])
    lying = await _put_aside(kafka, event)
    await aggregator.fold([lying])
    redriver = Redriver(RedriveStore(database), service)

    await DeadLetterStore(database).redrive(order())
    sent = [await redriver.round(), await redriver.round()]

    assert sent == [1, 0]
    [found] = [each for each in await _all(kafka, "script.adapted") if each.key == event.key]
    headers = readable(found.headers)
    assert (headers["redrive_for"], headers["redrive_number"]) == ("narrator", "1")
    await aggregator.fold([found])
    job = await aggregator.job(event.job_id)
    assert (job["state"], job["run"]) == ("narrating", 2)
    [letter] = await DeadLetterStore(database).page(LetterFilter(), None, 10)
    [told] = await RedriveStore(database).of(letter.letter_id)
    assert (told.outcome, told.run, letter.sent_again) == ("sent", 2, True)


async def test_records_are_found_by_where_they_lie(service: Service, kafka: str) -> None:
    topic = dead_letter_name("script.adapted", "narrator")
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        metas = await asyncio.gather(
            *[
                await producer.send(topic, str(number).encode(), partition=number % 2)
                for number in range(3_000)
            ]
        )
    wanted = [(meta.topic, meta.partition, meta.offset) for meta in metas[::500]]
    missing = [(topic, 0, 10**9), ("no.such.topic", 0, 0)]

    found = await service.read([*wanted, *missing])

    assert set(found) == set(wanted)
    assert [found[place].value for place in wanted] == [b"%d" % n for n in range(0, 3_000, 500)]


async def _put_aside(kafka: str, event: JobEvent) -> ConsumerRecord:
    letter = dead_letter(event, PermanentError("no such voice"))
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        meta = await producer.send_and_wait(
            letter.topic, letter.value, key=letter.key, headers=list(letter.headers)
        )
    found = await _all(kafka, letter.topic)
    return next(
        each for each in found if (each.partition, each.offset) == (meta.partition, meta.offset)
    )


async def _all(kafka: str, topic: str) -> list[ConsumerRecord]:
    async with AIOKafkaConsumer(bootstrap_servers=kafka, group_id=None) as consumer:
        count = next(each.partitions for each in ALL if each.name == topic)
        numbers = [TopicPartition(topic, number) for number in range(count)]
        consumer.assign(numbers)
        left = sum((await consumer.end_offsets(numbers)).values())
        # Not seek_to_beginning(): where it lands is asked of the broker, and may be overtaken.
        for number in numbers:
            consumer.seek(number, 0)
        found: list[ConsumerRecord] = []
        while len(found) < left:
            for records in (await consumer.getmany(timeout_ms=1_000)).values():
                found += records
        return found
