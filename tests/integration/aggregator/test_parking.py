from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.events import (
    BatchesControl,
    BatchesProgress,
    JobEvent,
    JobsParked,
    JobsRequested,
    ScriptAdapted,
)
from shared.vocabulary import Options, Resume
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import (
    BATCH,
    JOB,
    audio_ready,
    batch_request,
    batch_submitted,
    job_failed,
    script_adapted,
)
from tests.support.records import log_of, record

pytestmark = pytest.mark.connected


def order(action: str, **changes: Any) -> BatchesControl:
    return BatchesControl.model_validate({"batch_id": BATCH, "action": action, **changes})


def parked(event: JobEvent, reason: Any = "paused", **changes: Any) -> JobsParked:
    parking = event.parking + 1
    resumed = event.model_copy(update={"parking": parking})
    resume = Resume(topic=event.topic.name, event=resumed.model_dump(mode="json"))
    given = {"stage": "narrator", "reason": reason, "resume": resume, **changes}
    return JobsParked(**{**event.leads_to(f"parked/{parking}"), **given, "parking": parking})


async def fold(aggregator: Aggregator, *events: Any) -> None:
    aggregator.folded.extend(events)
    await aggregator.fold(log_of(aggregator.folded))


async def rows_parked(aggregator: Aggregator) -> list[UUID]:
    return [row["job_id"] for row in await aggregator.rows("SELECT job_id FROM parked_jobs")]


async def test_a_parked_job_goes_on_with_the_very_event_once_its_batch_does(
    aggregator: Aggregator,
) -> None:
    adapted = script_adapted()
    await fold(aggregator, adapted, order("pause"), parked(adapted))
    await aggregator.release_all()
    batch = await aggregator.batch(BATCH)
    assert aggregator.outbox.events == []
    assert (batch["state"], batch["parked"], batch["in_flight"]) == ("paused", 1, 0)

    await fold(aggregator, order("resume"))
    await aggregator.release_all()

    (resumed,) = aggregator.outbox.of(ScriptAdapted)
    assert resumed == adapted.model_copy(update={"parking": 1})
    batch = await aggregator.batch(BATCH)
    assert (batch["state"], batch["parked"], batch["in_flight"]) == ("running", 0, 1)
    assert await rows_parked(aggregator) == []


async def test_folding_what_was_released_changes_nothing_more(aggregator: Aggregator) -> None:
    adapted = script_adapted()
    await fold(aggregator, adapted, parked(adapted))
    await aggregator.release_all()
    before = await aggregator.batch(BATCH), await aggregator.job(JOB)

    await fold(aggregator, *aggregator.outbox.of(ScriptAdapted))

    batch, job = await aggregator.batch(BATCH), await aggregator.job(JOB)
    for row, old in ((batch, before[0]), (job, before[1])):
        assert {**row, "updated_at": 0, "dirty": 0} == {**old, "updated_at": 0, "dirty": 0}


async def test_a_job_waits_until_its_time_has_come(aggregator: Aggregator) -> None:
    adapted = script_adapted()
    later = datetime.now(UTC) + timedelta(hours=1)
    await fold(aggregator, adapted, parked(adapted, "waiting", not_before=later))
    await aggregator.release_all()
    assert aggregator.outbox.events == []

    await aggregator.run("UPDATE parked_jobs SET not_before = now() - interval '1 second'")
    await aggregator.release_all()

    assert len(aggregator.outbox.of(ScriptAdapted)) == 1


async def test_what_awaits_its_review_is_never_released(aggregator: Aggregator) -> None:
    await fold(aggregator, parked(script_adapted(), "review", stage="adapter"))

    await aggregator.release_all()

    assert aggregator.outbox.events == []
    assert (await aggregator.batch(BATCH))["state"] == "awaiting_review"


async def test_a_spent_budget_pauses_the_batch_until_its_user_resumes_it(
    aggregator: Aggregator,
) -> None:
    request = batch_request(options=Options(budget_usd=1.0))
    await fold(aggregator, batch_submitted(request=request))
    await aggregator.releaser.round()
    first = aggregator.outbox.of(JobsRequested)[0]
    await aggregator.run("UPDATE jobs SET waiting = true WHERE position > 0")
    await aggregator.run("UPDATE batches SET waiting = 3, in_flight = 1")

    await fold(aggregator, first, parked(first, "budget", stage="scripter"))
    await aggregator.release_all()
    while await aggregator.announcer.round():
        pass
    said = aggregator.outbox.of(BatchesProgress)[-1]
    assert (said.state, said.paused_because, said.budget_usd) == ("paused", "budget", 1.0)
    assert len(aggregator.outbox.of(JobsRequested)) == 4

    await fold(aggregator, order("resume", budget_usd=2.0))
    await aggregator.release_all()

    batch = await aggregator.batch(BATCH)
    assert (batch["state"], batch["budget_usd"], batch["budget_waits"]) == ("running", 2.0, 0)
    assert len(aggregator.outbox.of(JobsRequested)) == 8


async def test_cancelling_a_batch_cancels_what_is_parked(aggregator: Aggregator) -> None:
    adapted = script_adapted()
    await fold(aggregator, adapted, parked(adapted), order("cancel"))

    await aggregator.release_all()

    batch = await aggregator.batch(BATCH)
    assert (batch["state"], batch["parked"], aggregator.outbox.events) == ("cancelled", 0, [])
    assert await rows_parked(aggregator) == []


async def test_a_failed_job_that_is_retried_is_requested_as_a_second_run(
    aggregator: Aggregator,
) -> None:
    await fold(aggregator, batch_submitted())
    await aggregator.release_all()
    first = aggregator.outbox.of(JobsRequested)[0]
    failed = job_failed(**first.leads_to("failed"))
    await fold(aggregator, failed, order("retry", job_id=first.job_id, run=2))

    await aggregator.release_all()

    again = aggregator.outbox.of(JobsRequested)[-1]
    assert (again.job_id, again.run) == (first.job_id, 2)
    assert again.event_id != first.event_id
    await fold(aggregator, audio_ready(**again.leads_to("audio")), failed)
    assert (await aggregator.job(first.job_id))["state"] == "completed"


async def test_parked_jobs_go_on_within_their_users_share(database_url: str) -> None:
    async with open_aggregator(database_url, window=2) as aggregator:
        events = [script_adapted(job_id=UUID(int=n)) for n in range(5)]
        await fold(aggregator, *events, *map(parked, events))

        await aggregator.release_all()

        assert len(aggregator.outbox.of(ScriptAdapted)) == 2
        assert (await aggregator.batch(BATCH))["parked"] == 3
        assert record(events[0]).topic == "script.adapted"
