from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import pytest

from services.aggregator.store.shadow import Shadow
from shared.errors import InvalidRequestError
from shared.events import BatchesCompleted, BatchesProgress, JobsProgress
from tests.support.aggregator import Aggregator
from tests.support.builders import (
    audio_ready,
    job_failed,
)
from tests.support.lives import SPENT, life_of
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.records import record
from tests.support.whole_batches import jobs_of, submitted
from tests.support.written import START, Writer, order, rows_of

pytestmark = pytest.mark.connected

DONE, CANCELLED, PAUSED, FAILING, FOREIGN = (UUID(int=0xB0 + number) for number in range(5))


async def everything_happens(live: Aggregator, seed: int = 1) -> Writer:
    """Batches of all kinds, in disorder, with repeats."""
    writer = Writer(live, seed)
    lives = {batch_id: [life_of(job, batch_id)[1:] for job in jobs_of(batch_id)]
             for batch_id in (DONE, CANCELLED, PAUSED, FAILING)}  # fmt: skip
    await writer.write([submitted(batch_id) for batch_id in (DONE, PAUSED, FAILING)])
    await writer.write([order(PAUSED, "pause"), order(FAILING, "pause", jobs_of(FAILING)[0])])
    await writer.release()
    await writer.write([submitted(CANCELLED), order(CANCELLED, "cancel")])
    await writer.release()
    some = [event for life in lives[FAILING][2:4] for event in life]
    failed = [job_failed(job_id=job, batch_id=FAILING) for job in jobs_of(FAILING)[4:]]
    done = [event for life in lives[DONE] for event in life]
    foreign = [
        event for number in range(4) for event in life_of(uuid5(FOREIGN, str(number)), FOREIGN)
    ]
    lines = [
        JobsProgress(job_id=job, stage="scripter", message=f"line {number}")
        for number in range(3)
        for job in jobs_of(DONE)
    ]
    await writer.write([*some, *failed, *done, *done, *foreign, *lines], shuffled=True)
    await writer.release()
    return writer


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_log_gives_the_very_same_rows(
    aggregator: Aggregator, database_url: str, seed: int
) -> None:
    writer = await everything_happens(aggregator, seed)
    before = await rows_of(aggregator)

    async with rebuild(database_url, aggregator, writer.log) as work:
        report = await work.check()
    async with rebuild(database_url, aggregator, _from_the_start(writer.log)) as work:
        changed = await work.run()

    states = {row["batch_id"]: row["state"] for row in before["batches"]}
    assert states == {
        DONE: "completed",
        CANCELLED: "cancelled",
        PAUSED: "paused",
        FAILING: "running",
        FOREIGN: "completed",
    }
    assert report.differences == []
    assert (report.records, report.kept) == (len(writer.log.written), 0)
    assert set(changed.counts.values()) == {0}
    assert await rows_of(aggregator) == before


async def test_a_database_emptied_by_hand_is_what_it_was(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = await everything_happens(aggregator)
    while await aggregator.announcer.round():
        pass
    told = _log_of_what_was_told(aggregator)
    before = await rows_of(aggregator)
    await aggregator.run("TRUNCATE batches, jobs, usage, job_log, consumer_offsets CASCADE")

    async with rebuild(database_url, aggregator, writer.log, told) as work:
        report = await work.run()

    assert report.counts["jobs"] == len(before["jobs"])
    after = await rows_of(aggregator)
    assert _without_arrivals(after) == _without_arrivals(before)


async def test_watchers_never_see_a_number_again(aggregator: Aggregator, database_url: str) -> None:
    writer = await everything_happens(aggregator)
    for _ in range(3):
        await aggregator.run("UPDATE batches SET dirty = true")
        await aggregator.announcer.round()
    told = _log_of_what_was_told(aggregator)
    seen = len(aggregator.outbox.events)
    await aggregator.run("TRUNCATE batches, jobs CASCADE")

    async with rebuild(database_url, aggregator, writer.log, told) as work:
        await work.run()
    await writer.write([order(PAUSED, "resume")])
    await aggregator.announcer.round()

    batch = await aggregator.batch(PAUSED)
    assert batch["seq"] == 4
    fresh = aggregator.outbox.events[seen:]
    assert [getattr(event, "batch_id", None) for event in fresh] == [PAUSED]


async def test_what_is_wrong_is_shown_and_put_right(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = await everything_happens(aggregator)
    before = await rows_of(aggregator)
    job = jobs_of(DONE)[0]
    await aggregator.run(f"UPDATE jobs SET state = 'failed' WHERE job_id = '{job}'")  # noqa: S608 - an id of our own
    await aggregator.run("DELETE FROM usage")

    async with rebuild(database_url, aggregator, writer.log) as work:
        report = await work.check()
    async with rebuild(database_url, aggregator, _from_the_start(writer.log)) as work:
        await work.run()

    wrong = next(each for each in report.differences if each.table == "jobs")
    assert (wrong.key, wrong.live, wrong.rebuilt) == (
        str(job),
        {"state": "failed"},
        {"state": "completed"},
    )
    assert report.counts["usage"] == len(before["usage"])
    assert await rows_of(aggregator) == before


async def test_readers_see_the_old_state_until_the_switch(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = await everything_happens(aggregator)
    await aggregator.run("UPDATE batches SET name = 'wrong'")
    seen: list[set[str]] = []

    async with rebuild(database_url, aggregator, writer.log) as work:
        switch = work.shadow.switch

        async def switch_while_somebody_reads() -> dict[str, int]:
            counts = await switch()
            seen.append(await _names(database_url))
            return counts

        work.shadow.switch = switch_while_somebody_reads  # type: ignore[method-assign]  # a spy
        await work.run()

    assert seen == [{"wrong"}]
    assert (await aggregator.batch(DONE))["name"] == "Bees"


async def test_batches_older_than_the_log_are_kept(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = await everything_happens(aggregator)
    before = await rows_of(aggregator)
    # Retention took the requests and the first half of everything else.
    log = _trimmed(writer.log)

    async with rebuild(database_url, aggregator, log) as work:
        report = await work.run()

    assert report.kept == 5
    assert await rows_of(aggregator) == before


async def test_a_failure_in_the_middle_changes_nothing(
    aggregator: Aggregator, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = await everything_happens(aggregator)
    await aggregator.run("UPDATE batches SET name = 'wrong'")
    before = await rows_of(aggregator)

    async def broken(self: Shadow) -> dict[str, int]:
        raise ConnectionError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(Shadow, "switch", broken)
        async with rebuild(database_url, aggregator, writer.log) as work:
            with pytest.raises(ConnectionError):
                await work.run()

    assert await rows_of(aggregator) == before
    await writer.write([audio_ready(job_id=jobs_of(PAUSED)[0], batch_id=PAUSED, usage=SPENT)])
    assert (await aggregator.batch(PAUSED))["completed"] == 1


async def test_two_rebuilds_do_not_meet(aggregator: Aggregator, database_url: str) -> None:
    async with Shadow(database_url):
        with pytest.raises(InvalidRequestError, match="another rebuild"):
            async with Shadow(database_url):
                pass


async def _names(database_url: str) -> set[str]:
    reader = await asyncpg.connect(database_url)
    try:
        return {row["name"] for row in await reader.fetch("SELECT name FROM batches")}
    finally:
        await reader.close()


def _from_the_start(log: WrittenLog) -> WrittenLog:
    # Topic by topic: the order between topics does not matter.
    return WrittenLog(sorted(log.written, key=lambda each: each.topic, reverse=True))


def _trimmed(log: WrittenLog) -> WrittenLog:
    topics = {each.topic for each in log.written}
    half = {
        topic: max(each.offset for each in log.written if each.topic == topic) // 2 + 1
        for topic in topics
    }
    left = [each for each in log.written if each.offset >= half[each.topic]]
    first = {(topic, 0): offset for topic, offset in half.items()}
    late = int((START + timedelta(days=1)).timestamp() * 1_000)
    return WrittenLog(left, first, dict.fromkeys(first, late))


def _log_of_what_was_told(live: Aggregator) -> WrittenLog:
    told = [*live.outbox.of(BatchesProgress), *live.outbox.of(BatchesCompleted)]
    return WrittenLog([record(event, offset=number) for number, event in enumerate(told)])


def _without_arrivals(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    for row in rows["jobs"]:
        if row["position"] >= 1_000_000_000:
            row["position"] = None
    return {table: sorted(found, key=str) for table, found in rows.items()}
