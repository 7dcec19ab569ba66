from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.aggregator.housekeeping import Housekeeper
from shared.errors import PermanentError
from shared.vocabulary import Attempt
from tests.support.aggregator import Aggregator
from tests.support.builders import JOB, audio_ready, job_failed, script_adapted
from tests.support.dead import dead_letter
from tests.support.records import Record, log_of, record

pytestmark = pytest.mark.connected

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_what_was_put_aside_is_listed_once(aggregator: Aggregator) -> None:
    event = script_adapted()
    letter = dead_letter(event, PermanentError("no such voice"), offset=7)

    await aggregator.fold([letter])
    await aggregator.run("UPDATE consumer_offsets SET next_offset = 0")
    await aggregator.fold([letter])

    [row] = await aggregator.rows("SELECT * FROM dead_letters")
    assert (row["topic"], row["partition"], row["at_offset"]) == (letter.topic, 1, 7)
    assert (row["from_topic"], row["from_partition"], row["from_offset"]) == (
        "script.adapted",
        2,
        7,
    )
    assert (row["service"], row["kind"], row["code"]) == ("narrator", "permanent", "failed")
    assert (row["job_id"], row["run"], row["reason"]) == (event.job_id, 1, "no such voice")
    assert row["bytes"] == len(letter.value or b"")


async def test_whatever_its_headers_say_it_is_listed(aggregator: Aggregator) -> None:
    nonsense = {
        "dead_partition": "x",
        "dead_offset": "9" * 40,
        "dead_timestamp": "9" * 30,
        "dead_at": "yesterday",
        "dead_job_id": "?",
        "dead_reason": "a\0b" * 5_000,
        "dead_attempts": "-1",
    }
    bare = Record("script.adapted.narrator.dead", None, offset=1)

    await aggregator.fold([dead_letter(script_adapted(), ValueError(), said=nonsense), bare])

    rows = await aggregator.rows("SELECT * FROM dead_letters ORDER BY at_offset")
    assert [(row["from_partition"], row["job_id"]) for row in rows] == [(None, None)] * 2
    assert aggregator.outbox.dead == []


async def test_what_is_sent_again_to_another_reader_is_that_ones_to_refuse(
    aggregator: Aggregator,
) -> None:
    for_others = Record("script.adapted", b"{", headers=[("redrive_for", b"narrator")])
    for_us = Record("script.adapted", b"{", offset=1, headers=[("redrive_for", b"aggregator")])

    await aggregator.fold([for_others, for_us])

    assert [put_aside.offset for put_aside, _ in aggregator.outbox.dead] == [1]


async def test_tries_are_kept_for_failures_and_for_successes(aggregator: Aggregator) -> None:
    waited = Attempt(at=AT, code="rate_limited", reason="slower", delay_seconds=2.5)
    ended = Attempt(at=AT + timedelta(seconds=3), code="refused", reason="no")
    steps = [
        audio_ready(job_id=uuid4(), history=(waited,)),
        job_failed(job_id=JOB, stage="adapter", history=(waited, ended)),
    ]

    await aggregator.fold([*log_of(steps), *log_of(steps, first=1)])

    rows = await aggregator.rows("SELECT * FROM job_attempts ORDER BY stage, position")
    assert [(row["stage"], row["code"], row["delay_seconds"]) for row in rows] == [
        ("adapter", "rate_limited", 2.5),
        ("adapter", "refused", None),
        ("narrator", "rate_limited", 2.5),
    ]


async def test_what_kafka_has_forgotten_is_forgotten_here(aggregator: Aggregator) -> None:
    old = (datetime.now(UTC) - timedelta(days=91)).isoformat()
    new = datetime.now(UTC).isoformat()
    letters = [
        dead_letter(script_adapted(), PermanentError("no"), offset=offset, said={"dead_at": at})
        for offset, at in enumerate((old, new))
    ]
    await aggregator.fold(letters)

    await Housekeeper(aggregator.database, 30).round()

    assert len(await aggregator.rows("SELECT FROM dead_letters")) == 1


async def test_a_redriven_event_of_a_job_is_folded_by_everybody(aggregator: Aggregator) -> None:
    again = record(script_adapted(run=2))
    again.headers = [("redrive_for", b"narrator")]
    await aggregator.fold(log_of([job_failed(job_id=script_adapted().job_id)]))

    await aggregator.fold([again])

    job = await aggregator.job(script_adapted().job_id)
    assert job["state"] == "narrating"
