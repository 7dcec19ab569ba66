import asyncio
from itertools import pairwise

import pytest

from services.aggregator.progress import Announcer
from services.aggregator.store.announcements import Pauses
from shared.errors import UnavailableError
from shared.events import BatchesCompleted, BatchesProgress
from shared.expansion import expand
from shared.vocabulary import BatchState
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import (
    BATCH,
    USER,
    audio_ready,
    batch_request,
    batch_submitted,
    job_failed,
    job_requested,
)
from tests.support.records import log_of, record

pytestmark = pytest.mark.connected

JOBS = [planned.job_id for planned in expand(BATCH, batch_request())]


async def test_says_how_a_batch_stands(aggregator: Aggregator) -> None:
    await aggregator.fold(log_of([batch_submitted(), audio_ready(job_id=JOBS[0])]))

    await aggregator.announcer.round()

    (progress,) = aggregator.outbox.of(BatchesProgress)
    assert (progress.seq, progress.user_id, progress.state) == (1, USER, BatchState.RUNNING)
    assert (progress.counts.total, progress.counts.completed, progress.counts.queued) == (4, 1, 3)
    assert progress.by_language == {"pt-BR": {"completed": 1, "queued": 1}, "en-US": {"queued": 2}}
    assert progress.audio_seconds == 1.5
    assert progress.remaining_seconds is None


async def test_says_nothing_where_nothing_changed(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    await aggregator.announcer.round()

    await aggregator.fold([record(batch_submitted())])
    await aggregator.announcer.round()

    assert len(aggregator.outbox.events) == 1


async def test_the_row_and_the_event_agree_on_the_number(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    for offset, job_id in enumerate(JOBS[:3]):
        await aggregator.fold([record(job_requested(job_id=job_id), offset=offset)])
        await aggregator.announcer.round()

        row = await aggregator.batch(BATCH)
        newest = aggregator.outbox.of(BatchesProgress)[-1]
        assert row["seq"] == newest.seq == offset + 1
        assert row["scripting"] == newest.counts.scripting


async def test_an_ending_is_announced_once(aggregator: Aggregator) -> None:
    done = [audio_ready(job_id=job_id) for job_id in JOBS]
    await aggregator.fold(log_of([batch_submitted(), *done]))

    await aggregator.announcer.round()
    await aggregator.announcer.round()

    (completed,) = aggregator.outbox.of(BatchesCompleted)
    (progress,) = aggregator.outbox.of(BatchesProgress)
    assert (completed.state, completed.counts.completed) == (BatchState.COMPLETED, 4)
    assert completed.seconds >= 0
    assert (progress.state, progress.remaining_seconds) == (BatchState.COMPLETED, 0.0)


async def test_a_second_ending_is_an_event_of_its_own(aggregator: Aggregator) -> None:
    others = [audio_ready(job_id=job_id) for job_id in JOBS[1:]]
    await aggregator.fold(log_of([batch_submitted(), *others, job_failed(job_id=JOBS[0])]))
    await aggregator.announcer.round()

    await aggregator.fold([record(audio_ready(job_id=JOBS[0]), offset=50)])
    await aggregator.announcer.round()

    first, second = aggregator.outbox.of(BatchesCompleted)
    assert [first.state, second.state] == ["completed_with_errors", "completed"]
    assert first.event_id != second.event_id


async def test_what_kafka_did_not_take_is_announced_again_under_a_new_number(
    aggregator: Aggregator,
) -> None:
    done = [audio_ready(job_id=job_id) for job_id in JOBS]
    await aggregator.fold(log_of([batch_submitted(), *done]))
    aggregator.outbox.away = True
    with pytest.raises(UnavailableError):
        await aggregator.announcer.round()

    aggregator.outbox.away = False
    await aggregator.announcer.round()

    assert [event.seq for event in aggregator.outbox.of(BatchesProgress)] == [2]
    assert len(aggregator.outbox.of(BatchesCompleted)) == 1


async def test_a_batch_rests_between_announcements_and_its_end_does_not_wait(
    aggregator: Aggregator,
) -> None:
    announcer = Announcer(aggregator.database, aggregator.outbox.publish, Pauses(news=60))
    await aggregator.fold([record(batch_submitted())])
    await announcer.round()

    await aggregator.fold([record(audio_ready(job_id=JOBS[0]))])
    await announcer.round()
    assert len(aggregator.outbox.events) == 1
    rest = [audio_ready(job_id=job_id) for job_id in JOBS[1:]]
    await aggregator.fold(log_of(rest, first=1))
    await announcer.round()

    assert [event.seq for event in aggregator.outbox.of(BatchesProgress)] == [1, 2]
    assert len(aggregator.outbox.of(BatchesCompleted)) == 1


async def test_replicas_never_go_back_and_never_use_a_number_twice(database_url: str) -> None:
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:
        other.outbox.events = one.outbox.events
        await one.fold([record(batch_submitted())])

        for offset, job_id in enumerate(JOBS):
            await one.fold([record(audio_ready(job_id=job_id), offset=offset)])
            await asyncio.gather(one.announcer.round(), other.announcer.round())

        numbers = [event.seq for event in one.outbox.of(BatchesProgress)]
        assert all(earlier < later for earlier, later in pairwise(numbers))
        assert len({event.event_id for event in one.outbox.of(BatchesCompleted)}) == 1
