from uuid import UUID, uuid4

import pytest

from services.aggregator.store import offsets
from shared.errors import InvalidEventError, InvalidRequestError, UnavailableError
from shared.events import BatchesControl, Event, JobsProgress
from shared.expansion import expand
from tests.support.aggregator import Aggregator
from tests.support.builders import (
    BATCH,
    JOB,
    USER,
    audio_ready,
    batch_request,
    batch_submitted,
    job_failed,
    job_requested,
)
from tests.support.lives import life_of
from tests.support.records import Record, log_of, record

pytestmark = pytest.mark.connected


async def test_a_job_goes_from_its_request_to_its_audio(aggregator: Aggregator) -> None:
    await aggregator.fold(log_of(life_of(JOB)))

    job, batch = await aggregator.job(JOB), await aggregator.batch(BATCH)
    assert job["state"] == "completed"
    assert job["script"]["key"] == "script"
    assert job["audio"]["media_type"] == "audio/mpeg"
    assert (job["provider_calls"], job["characters"], job["audio_seconds"]) == (6, 17, 1.5)
    assert None not in (job["released_at"], job["started_at"], job["completed_at"])
    assert (batch["state"], batch["total"], batch["completed"]) == ("completed", 1, 1)
    assert (batch["provider_calls"], batch["characters"], batch["audio_seconds"]) == (6, 17, 1.5)
    assert batch["completed_at"] is not None


async def test_folding_twice_is_folding_once(aggregator: Aggregator) -> None:
    records = log_of([batch_submitted(), *life_of(JOB)])
    await aggregator.fold(records)
    before = (
        await aggregator.rows("SELECT * FROM batches"),
        await aggregator.rows("SELECT * FROM jobs ORDER BY job_id"),
    )

    await aggregator.fold(records)

    after = (
        await aggregator.rows("SELECT * FROM batches"),
        await aggregator.rows("SELECT * FROM jobs ORDER BY job_id"),
    )
    assert after == before


async def test_events_repeated_by_their_producer_add_nothing(aggregator: Aggregator) -> None:
    life = life_of(JOB)
    await aggregator.fold(log_of([*life, *life]))

    batch = await aggregator.batch(BATCH)
    assert (batch["total"], batch["completed"], batch["provider_calls"]) == (1, 1, 6)


async def test_records_before_the_stored_offset_are_dropped(aggregator: Aggregator) -> None:
    await aggregator.fold([record(job_requested(), offset=7)])

    await aggregator.fold([record(job_requested(job_id=uuid4()), offset=7)])

    assert (await aggregator.one("SELECT count(*) FROM jobs"))["count"] == 1
    positions = await aggregator.fold.positions([("jobs.requested", 0), ("jobs.requested", 1)])
    assert positions == {("jobs.requested", 0): 8}


async def test_a_topic_that_was_made_anew_is_read_from_its_start(aggregator: Aggregator) -> None:
    await aggregator.fold([record(job_requested(), offset=7)])

    await aggregator.fold.rewind([("jobs.requested", 0)])
    await aggregator.fold([record(job_requested(job_id=uuid4()), offset=0)])

    assert (await aggregator.one("SELECT count(*) FROM jobs"))["count"] == 2


async def test_a_batch_becomes_jobs_that_wait(aggregator: Aggregator) -> None:
    await aggregator.fold([record(batch_submitted(request=batch_request(name="Bees")))])

    batch = await aggregator.batch(BATCH)
    assert (batch["name"], batch["mode"], batch["state"]) == ("Bees", "matrix", "queued")
    assert (batch["total"], batch["queued"], batch["waiting"]) == (4, 4, 4)
    jobs = await aggregator.rows("SELECT * FROM jobs ORDER BY position")
    assert [job["job_id"] for job in jobs] == [j.job_id for j in expand(BATCH, batch_request())]


async def test_a_batch_that_arrives_after_its_jobs_ends_right(aggregator: Aggregator) -> None:
    jobs = [planned.job_id for planned in expand(BATCH, batch_request())]
    await aggregator.fold(log_of(event for job_id in jobs[2:] for event in life_of(job_id)))
    early = await aggregator.batch(BATCH)

    await aggregator.fold([record(batch_submitted(request=batch_request(name="Bees")))])
    opened = await aggregator.batch(BATCH)
    await aggregator.fold(
        log_of((event for job_id in jobs[:2] for event in life_of(job_id)), first=100)
    )

    ended = await aggregator.batch(BATCH)
    assert (early["mode"], early["total"], early["state"]) == (None, 2, "completed")
    assert (opened["name"], opened["total"], opened["state"]) == ("Bees", 4, "running")
    assert opened["user_id"] == USER
    assert (ended["state"], ended["completed"], ended["total"]) == ("completed", 4, 4)
    rows = await aggregator.rows("SELECT job_id FROM jobs ORDER BY position")
    assert [row["job_id"] for row in rows] == jobs


async def test_a_job_says_who_was_asked_who_spoke_and_why(aggregator: Aggregator) -> None:
    who = {"voice": "espeak:pt-BR", "voice_used": "espeak:pt-PT", "voice_reason": "withdrawn"}

    await aggregator.fold([record(audio_ready(**who))])

    job = await aggregator.job(JOB)
    assert {name: job[name] for name in who} == who


async def test_a_job_without_a_batch_gets_one_of_its_own(aggregator: Aggregator) -> None:
    await aggregator.fold(log_of(life_of(JOB, batch_id=None)))

    job = await aggregator.job(JOB)
    batch = await aggregator.batch(job["batch_id"])
    assert (batch["mode"], batch["name"], batch["total"]) == (None, job["title"], 1)


async def test_a_request_by_reference_is_fetched(aggregator: Aggregator) -> None:
    data = batch_request().model_dump_json().encode()
    ref = await aggregator.artefacts.put("request", data, media_type="application/json")

    await aggregator.fold([record(batch_submitted(request=None, request_ref=ref))])

    assert (await aggregator.batch(BATCH))["total"] == 4


async def test_what_is_no_event_is_put_aside_and_blocks_nothing(aggregator: Aggregator) -> None:
    bad = Record("jobs.requested", b"not json", offset=0)

    await aggregator.fold([bad, record(job_requested(), offset=1)])

    assert (await aggregator.job(JOB))["state"] == "scripting"
    ((found, error),) = aggregator.outbox.dead
    assert found is bad
    assert isinstance(error, InvalidEventError)


@pytest.mark.parametrize(
    "poison",
    [
        audio_ready(job_id=uuid4(), characters=2**40),
        audio_ready(job_id=uuid4(), audio_seconds=float("nan")),
        batch_submitted(batch_id=uuid4(), request=batch_request(titles=())),
    ],
    ids=["too large a number", "not a number", "empty batch"],
)
async def test_an_event_that_the_database_refuses_is_put_aside_alone(
    aggregator: Aggregator, poison: Event
) -> None:
    good = [job_requested(job_id=UUID(int=number)) for number in range(1, 6)]

    await aggregator.fold(log_of([*good[:3], poison, *good[3:]]))

    assert (await aggregator.one("SELECT count(*) FROM jobs"))["count"] == 5
    assert [found.topic for found, _ in aggregator.outbox.dead] == [poison.topic.name]
    if poison.topic.name == "batches.submitted":
        assert isinstance(aggregator.outbox.dead[0][1], InvalidRequestError)


async def test_what_cannot_be_stored_in_a_text_is_left_out_of_it(aggregator: Aggregator) -> None:
    await aggregator.fold([record(job_failed(reason="a\x00\x00b\\u0000\\\x00c"))])

    assert (await aggregator.job(JOB))["error"] == "ab\\u0000\\c"


async def test_nothing_is_folded_past_a_record_that_could_not_be_put_aside(
    aggregator: Aggregator,
) -> None:
    records = [Record("jobs.requested", b"{}"), record(job_requested(), offset=1)]
    aggregator.outbox.away = True
    with pytest.raises(UnavailableError):
        await aggregator.fold(records)
    assert await aggregator.fold.positions([("jobs.requested", 0)]) == {}

    aggregator.outbox.away = False
    await aggregator.fold(records)

    assert len(aggregator.outbox.dead) == 1
    assert (await aggregator.job(JOB))["state"] == "scripting"


async def test_what_was_read_once_may_be_taken_in_again_after_an_outage(
    aggregator: Aggregator, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise UnavailableError("PostgreSQL is away")

    deleted = BatchesControl(batch_id=BATCH, action="delete")
    write = await aggregator.fold.read([record(deleted)])
    with monkeypatch.context() as broken:
        broken.setattr(offsets, "store", away)
        with pytest.raises(UnavailableError):
            await write()

    await write()

    gone = await aggregator.rows("SELECT batch_id FROM deleted_batches")
    assert [row["batch_id"] for row in gone] == [BATCH]


async def test_no_event_is_blamed_for_a_table_that_is_missing(aggregator: Aggregator) -> None:
    await aggregator.run("ALTER TABLE jobs RENAME TO elsewhere")

    with pytest.raises(UnavailableError, match="jobs"):
        await aggregator.fold([record(job_requested())])

    assert not aggregator.outbox.dead


async def test_a_batch_with_a_failed_job_ends(aggregator: Aggregator) -> None:
    jobs = [planned.job_id for planned in expand(BATCH, batch_request())]
    done = [event for job_id in jobs[1:] for event in life_of(job_id)]
    await aggregator.fold(log_of([batch_submitted(), *done, job_failed(job_id=jobs[0])]))
    first = await aggregator.batch(BATCH)
    failed = await aggregator.job(jobs[0])

    await aggregator.fold(log_of(life_of(jobs[0]), first=100))

    second, job = await aggregator.batch(BATCH), await aggregator.job(jobs[0])
    assert (first["state"], first["failed"]) == ("completed_with_errors", 1)
    assert (failed["error_code"], failed["attempts"]) == ("refused", 1)
    assert (second["state"], second["failed"], second["endings"]) == ("completed", 0, 2)
    assert second["completed_at"] == job["completed_at"] > first["completed_at"]
    assert (job["error"], job["error_code"]) == (None, None)


async def test_lines_of_a_jobs_log_are_kept_whole_but_for_their_length(
    aggregator: Aggregator,
) -> None:
    told = [JobsProgress(job_id=JOB, stage="scripter", message=f"{n}" * 400) for n in range(50)]

    await aggregator.fold(log_of(told))

    lines = await aggregator.rows("SELECT * FROM job_log ORDER BY at")
    assert len(lines) == 50
    assert {line["stage"] for line in lines} == {"scripter"}
    assert lines[-1]["message"] == ("49" * 400)


async def test_orders_about_a_batch_outlive_their_order_of_arrival(
    aggregator: Aggregator,
) -> None:
    await aggregator.fold([record(BatchesControl(batch_id=BATCH, action="pause"))])

    await aggregator.fold([record(batch_submitted())])

    batch = await aggregator.batch(BATCH)
    assert (batch["paused"], batch["state"], batch["total"]) == (True, "paused", 4)
    assert batch["user_id"] == USER


async def test_a_job_that_is_not_there_cannot_be_ordered_about(aggregator: Aggregator) -> None:
    order = BatchesControl(batch_id=BATCH, job_id=JOB, action="cancel")

    await aggregator.fold([record(order)])

    assert (await aggregator.one("SELECT count(*) FROM batches"))["count"] == 0
