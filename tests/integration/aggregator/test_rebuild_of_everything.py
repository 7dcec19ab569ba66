from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.errors import PermanentError
from shared.events import JobEvent, JobsParked
from shared.vocabulary import Attempt, Resume
from tests.support.aggregator import Aggregator
from tests.support.builders import (
    audio_ready,
    job_failed,
    script_adapted,
)
from tests.support.dead import dead_letter
from tests.support.lives import SPENT, life_of
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.whole_batches import jobs_of, submitted
from tests.support.written import Writer, order, rows_of

pytestmark = pytest.mark.connected

MIXED, SHORT_OF_MONEY = UUID(int=0xC0), UUID(int=0xC1)
TRIED = (Attempt(at=datetime(2026, 11, 1, tzinfo=UTC), code="busy", reason="429"),)


def given_back(event: JobEvent, reason: Any, stage: str = "narrator") -> JobsParked:
    resumed = event.model_copy(update={"parking": 1})
    return JobsParked(
        **event.leads_to("parked/1") | {"parking": 1},
        stage=stage,
        reason=reason,
        resume=Resume(topic=event.topic.name, event=resumed.model_dump(mode="json")),
    )


async def everything_else_happens(live: Aggregator, seed: int) -> Writer:
    """Jobs that fail, are tried again, wait for all the reasons there are, and are cancelled."""
    writer = Writer(live, seed)
    await writer.write([submitted(MIXED), submitted(SHORT_OF_MONEY)])
    await writer.release()
    paused, reviewed, retried, refused, cancelled, *_ = jobs_of(MIXED)
    adapted = {
        job: script_adapted(job_id=job, batch_id=MIXED)
        for job in (paused, reviewed, retried, refused, cancelled)
    }
    failure: dict[str, Any] = {"batch_id": MIXED, "usage": SPENT, "history": TRIED, "attempts": 3}
    poor = script_adapted(job_id=jobs_of(SHORT_OF_MONEY)[0], batch_id=SHORT_OF_MONEY)
    await writer.write(
        [
            *(event for job, event in adapted.items() if job != reviewed),
            order(MIXED, "pause", paused),
            given_back(adapted[paused], "paused"),
            given_back(adapted[reviewed], "review", stage="adapter"),
            job_failed(job_id=retried, **failure),
            job_failed(job_id=refused, **failure),
            order(MIXED, "cancel", cancelled),
            job_failed(job_id=cancelled, **failure | {"code": "cancelled"}),
            poor,
            given_back(poor, "budget"),
        ],
        shuffled=True,
    )
    await writer.put_aside(dead_letter(adapted[refused], PermanentError("no such voice")))
    await writer.write([order(MIXED, "resume", paused), order(MIXED, "retry", retried, run=2)])
    await writer.release()
    again = [event.model_copy(update={"run": 2}) for event in life_of(retried, MIXED)[1:]]
    late = job_failed(job_id=retried, **failure | {"usage": ()})
    spoken = audio_ready(job_id=paused, batch_id=MIXED, parking=1, usage=SPENT, history=TRIED)
    await writer.write([*again, late, spoken, spoken], shuffled=True)
    await writer.release()
    return writer


@pytest.mark.parametrize("seed", [1, 2])
async def test_runs_waits_cancellations_and_dead_letters_come_back_as_they_were(
    aggregator: Aggregator, database_url: str, seed: int
) -> None:
    writer = await everything_else_happens(aggregator, seed)
    before = await rows_of(aggregator)

    async with rebuild(database_url, aggregator, writer.log) as work:
        report = await work.check()
    await aggregator.run(
        "UPDATE jobs SET state = 'queued', run = 1, attempts = 0, parked_for = NULL"
    )
    await aggregator.run("DELETE FROM parked_jobs")
    await aggregator.run("DELETE FROM dead_letters")
    async with rebuild(database_url, aggregator, WrittenLog(writer.log.written)) as work:
        await work.run()

    states = {row["job_id"]: (row["state"], row["run"]) for row in before["jobs"]}
    assert [states[job] for job in jobs_of(MIXED)[:5]] == [
        ("completed", 1),
        ("awaiting_review", 1),
        ("completed", 2),
        ("failed", 1),
        ("cancelled", 1),
    ]
    assert {row["reason"] for row in before["parked_jobs"]} == {"review", "budget"}
    assert all(before[table] for table in ("usage", "job_attempts", "dead_letters"))
    assert report.differences == []
    assert await rows_of(aggregator) == before
