import asyncio
from uuid import UUID, uuid4

import pytest

from shared.errors import UnavailableError
from shared.events import BatchesControl, JobsRequested, ScriptAdapted
from shared.vocabulary import Options, Row
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import (
    BATCH,
    artefact_ref,
    audio_ready,
    batch_request,
    batch_submitted,
    job_requested,
)
from tests.support.records import log_of, record

pytestmark = pytest.mark.connected

TITLES = tuple(f"Title {n}" for n in range(10))


def order(action: str, job_id: UUID | None = None) -> BatchesControl:
    return BatchesControl.model_validate({"batch_id": BATCH, "action": action, "job_id": job_id})


async def test_releases_each_job_with_all_it_needs(aggregator: Aggregator) -> None:
    request = batch_request(options=Options(speaking_rate=1.5))
    await aggregator.fold([record(batch_submitted(request=request))])

    await aggregator.release_all()

    released = aggregator.outbox.of(JobsRequested)
    assert len(released) == 4
    assert released[0].title == request.titles[0]
    assert released[0].agent_ref == artefact_ref(media_type="application/json")
    assert released[0].options == request.options
    job, batch = await aggregator.job(released[0].job_id), await aggregator.batch(BATCH)
    assert (job["state"], job["waiting"]) == ("queued", False)
    assert job["released_at"] is not None
    assert (batch["waiting"], batch["in_flight"], batch["queued"]) == (0, 4, 4)


async def test_a_text_that_is_ready_enters_where_texts_are_narrated(
    aggregator: Aggregator,
) -> None:
    rows = (
        Row(position=0, title="Greeting", language="pt-BR", voice="espeak:pt-BR", text="Bom dia!"),
        Row(position=1, title="Bees", language="pt-BR", voice="espeak:pt-BR"),
    )
    request = batch_request(titles=(), targets=(), rows=rows)
    await aggregator.fold([record(batch_submitted(request=request, total_jobs=2))])

    await aggregator.release_all()

    [spoken], [written] = aggregator.outbox.of(ScriptAdapted), aggregator.outbox.of(JobsRequested)
    assert (spoken.title, spoken.text, spoken.script) == ("Greeting", "Bom dia!", None)
    assert written.title == "Bees"
    assert (await aggregator.job(spoken.job_id))["text"] == "Bom dia!"


async def test_releases_nothing_twice(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])

    await aggregator.release_all()
    await aggregator.fold(log_of(aggregator.outbox.of(JobsRequested)))
    await aggregator.release_all()

    assert len(aggregator.outbox.events) == 4


async def test_a_crash_before_the_mark_repeats_the_very_same_events(
    aggregator: Aggregator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await aggregator.fold([record(batch_submitted())])

    with monkeypatch.context() as patch:
        patch.setattr("services.aggregator.store.waiting.mark_released", _killed)
        with pytest.raises(asyncio.CancelledError):
            await aggregator.releaser.round()
    await aggregator.release_all()

    released = aggregator.outbox.of(JobsRequested)
    assert len(released) == 8
    assert {e.event_id for e in released[:4]} == {e.event_id for e in released[4:]}
    assert (await aggregator.batch(BATCH))["in_flight"] == 4


async def test_what_kafka_did_not_take_waits(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    aggregator.outbox.away = True
    with pytest.raises(UnavailableError):
        await aggregator.releaser.round()
    assert (await aggregator.batch(BATCH))["waiting"] == 4

    aggregator.outbox.away = False
    await aggregator.release_all()

    assert len(aggregator.outbox.of(JobsRequested)) == 4


async def test_the_window_opens_as_jobs_end(database_url: str) -> None:
    async with open_aggregator(database_url, window=6) as aggregator:
        request = batch_request(titles=TITLES)
        await aggregator.fold([record(batch_submitted(request=request))])
        await aggregator.release_all()
        first = [event.job_id for event in aggregator.outbox.of(JobsRequested)]

        await aggregator.fold(log_of(audio_ready(job_id=job_id) for job_id in first[:2]))
        await aggregator.release_all()

        assert len(first) == 6
        assert len(aggregator.outbox.of(JobsRequested)) == 8


async def test_a_small_batch_passes_a_large_one_of_somebody_else(database_url: str) -> None:
    small, somebody = uuid4(), uuid4()
    async with open_aggregator(database_url, window=10) as aggregator:
        await aggregator.fold([record(batch_submitted(request=batch_request(titles=TITLES)))])
        await aggregator.release_all()

        await aggregator.fold([record(batch_submitted(batch_id=small, user_id=somebody), offset=1)])
        await aggregator.release_all()

        released = aggregator.outbox.of(JobsRequested)
        assert [event.batch_id for event in released] == [BATCH] * 10 + [small] * 4


async def test_a_paused_batch_goes_on_where_it_was(aggregator: Aggregator) -> None:
    await aggregator.fold(log_of([batch_submitted(), order("pause")]))
    await aggregator.release_all()
    assert aggregator.outbox.events == []

    await aggregator.fold([record(order("resume"), offset=1)])
    await aggregator.release_all()

    assert len(aggregator.outbox.events) == 4


async def test_a_paused_job_lets_the_others_pass(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    job_id = (await aggregator.one("SELECT job_id FROM jobs WHERE position = 0"))["job_id"]
    await aggregator.fold([record(order("pause", job_id))])
    await aggregator.release_all()
    assert len(aggregator.outbox.events) == 3
    assert (await aggregator.batch(BATCH))["waiting"] == 0

    await aggregator.fold([record(order("resume", job_id), offset=1)])
    await aggregator.release_all()

    assert aggregator.outbox.of(JobsRequested)[3].job_id == job_id


async def test_cancelling_ends_what_waits_and_lets_the_rest_run_out(database_url: str) -> None:
    async with open_aggregator(database_url, window=2) as aggregator:
        await aggregator.fold([record(batch_submitted())])
        await aggregator.release_all()
        running = [event.job_id for event in aggregator.outbox.of(JobsRequested)]

        await aggregator.fold([record(order("cancel"))])
        await aggregator.release_all()
        open_batch = await aggregator.batch(BATCH)
        await aggregator.fold(log_of(audio_ready(job_id=job_id) for job_id in running))

        ended = await aggregator.batch(BATCH)
        assert (open_batch["cancelled"], open_batch["state"]) == (2, "running")
        assert (ended["cancelled"], ended["completed"]) == (2, 2)
        assert ended["completed_at"] is not None
        assert len(aggregator.outbox.of(JobsRequested)) == 2


async def test_a_batch_cancelled_before_it_is_known_is_never_released(
    aggregator: Aggregator,
) -> None:
    await aggregator.fold([record(order("cancel"))])
    await aggregator.release_all()

    await aggregator.fold([record(batch_submitted())])
    await aggregator.release_all()

    batch = await aggregator.batch(BATCH)
    assert (batch["state"], batch["cancelled"]) == ("cancelled", 4)
    assert aggregator.outbox.events == []


async def test_a_paused_job_of_a_cancelled_batch_is_cancelled_too(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    job_id = (await aggregator.one("SELECT job_id FROM jobs WHERE position = 0"))["job_id"]

    await aggregator.fold(log_of([order("pause", job_id), order("cancel")]))
    await aggregator.release_all()

    batch = await aggregator.batch(BATCH)
    assert (batch["state"], batch["waiting"], batch["in_flight"]) == ("cancelled", 0, 0)


async def test_one_job_is_cancelled_alone(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted())])
    job_id = (await aggregator.one("SELECT job_id FROM jobs WHERE position = 0"))["job_id"]

    await aggregator.fold([record(order("cancel", job_id))])
    await aggregator.release_all()

    assert (await aggregator.job(job_id))["state"] == "cancelled"
    assert len(aggregator.outbox.events) == 3


async def test_a_job_of_another_system_is_not_requested_again(aggregator: Aggregator) -> None:
    await aggregator.fold([record(job_requested())])

    await aggregator.release_all()

    assert aggregator.outbox.events == []
    assert (await aggregator.batch(BATCH))["in_flight"] == 1


async def test_replicas_release_each_job_once(database_url: str) -> None:
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:
        await one.fold([record(batch_submitted(request=batch_request(titles=TITLES)))])

        await asyncio.gather(*(replica.release_all() for replica in (one, other, one, other)))
        await one.release_all()

        released = one.outbox.of(JobsRequested) + other.outbox.of(JobsRequested)
        assert len(released) == len({event.job_id for event in released}) == 20


async def test_the_loop_wakes_up_when_something_was_folded(aggregator: Aggregator) -> None:
    loop = asyncio.create_task(aggregator.releaser.run())
    await asyncio.sleep(0.1)

    await aggregator.fold([record(batch_submitted())])
    # Sooner than its own half second.
    await asyncio.sleep(0.25)

    assert len(aggregator.outbox.events) == 4
    loop.cancel()
    await asyncio.wait([loop])


async def _killed(*_: object) -> None:
    raise asyncio.CancelledError
