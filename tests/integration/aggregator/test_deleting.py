import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from services.aggregator.deleting import REQUEST_KEPT
from services.aggregator.purging import Purger
from services.aggregator.removing import Remover
from shared.events import Event, JobsProgress
from shared.expansion import expand
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import artefact_ref, batch_request, batch_submitted, job_failed
from tests.support.lives import life_of
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.records import log_of, record
from tests.support.waiting import until
from tests.support.written import START, Writer, order, rows_of

pytestmark = pytest.mark.connected

GONE, STAYS = UUID(int=0xD0), UUID(int=0xD1)
FOREIGN = uuid5(UUID(int=0xD2), "batch")
TABLES_OF_JOBS = ("jobs", "parked_jobs", "job_attempts", "job_log")


def submitted(batch_id: UUID) -> Any:
    titles = ("O segredo das abelhas", "A cidade que dorme")
    return batch_submitted(batch_id=batch_id, request=batch_request(titles=titles, name="Bees"))


def jobs_of(batch_id: UUID) -> list[UUID]:
    return [job.job_id for job in expand(batch_id, submitted(batch_id).request)]


def lives_of(batch_id: UUID) -> list[Event]:
    return [event for job in jobs_of(batch_id) for event in life_of(job, batch_id)]


def all_of(batch_id: UUID) -> list[Event]:
    lines = [JobsProgress(job_id=job, stage="scripter", message="m") for job in jobs_of(batch_id)]
    failed = job_failed(job_id=jobs_of(batch_id)[0], batch_id=batch_id)
    return [submitted(batch_id), *lives_of(batch_id), failed, *lines]


async def left_of(live: Aggregator, batch_id: UUID) -> dict[str, int]:
    found = {}
    for table in TABLES_OF_JOBS:
        sql = f"SELECT job_id FROM {table} WHERE job_id = ANY($1::uuid[])"  # noqa: S608 - our own
        found[table] = len(await live.rows(sql, jobs_of(batch_id)))
    batches = await live.rows("SELECT FROM batches WHERE batch_id = $1", batch_id)
    return found | {"batches": len(batches)}


def nothing() -> dict[str, int]:
    return dict.fromkeys((*TABLES_OF_JOBS, "batches"), 0)


async def bills(live: Aggregator) -> list[dict[str, Any]]:
    return await live.rows("SELECT * FROM usage ORDER BY event_id, position")


async def test_a_deleted_batch_leaves_what_it_cost_and_nothing_else(aggregator: Aggregator) -> None:
    writer = Writer(aggregator)
    await writer.write([*all_of(GONE), *all_of(STAYS)])
    cost, others = await bills(aggregator), await left_of(aggregator, STAYS)

    await writer.write([order(GONE, "delete")])
    await aggregator.remove_all()

    assert await left_of(aggregator, GONE) == nothing()
    assert await left_of(aggregator, STAYS) == others
    assert await bills(aggregator) == cost
    assert len({bill["batch_id"] for bill in cost}) == 2


async def test_events_that_come_late_bring_nothing_back_but_their_cost(
    aggregator: Aggregator,
) -> None:
    writer, late = Writer(aggregator), lives_of(GONE)
    await writer.write([submitted(GONE), order(GONE, "delete")])
    await aggregator.remove_all()

    await writer.write([submitted(GONE), order(GONE, "cancel"), order(GONE, "resume")])
    await writer.write([*late, *late])
    await aggregator.release_all()

    assert await left_of(aggregator, GONE) == nothing()
    assert len(await bills(aggregator)) == 3 * len(jobs_of(GONE))
    assert aggregator.outbox.events == []


async def test_a_batch_that_is_deleted_before_it_is_heard_of_never_begins(
    aggregator: Aggregator,
) -> None:
    writer = Writer(aggregator)

    await writer.write([order(GONE, "delete")])
    await writer.write([submitted(GONE), *life_of(UUID(int=0xD2), None), order(FOREIGN, "delete")])
    await aggregator.remove_all()

    assert await aggregator.rows("SELECT FROM batches") == []


async def test_replicas_that_fold_a_batch_while_it_is_deleted_leave_nothing_of_it(
    database_url: str,
) -> None:
    lives = [life_of(uuid5(GONE, str(number)), GONE) for number in range(120)]
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:
        folding = [
            asyncio.create_task(in_portions(replica, [life[kind] for life in lives]))
            for kind, replica in enumerate((one, other, one, other))
        ]

        async def begun() -> bool:
            return len(await one.rows("SELECT FROM jobs")) > 20

        await until(begun)
        await other.fold([record(order(GONE, "delete"))])
        while not all(task.done() for task in folding):
            await asyncio.gather(one.remover.round(), other.remover.round())
        await asyncio.gather(*folding)
        await one.remove_all()

        assert await one.rows("SELECT FROM jobs") == await one.rows("SELECT FROM batches") == []
        assert len(await bills(one)) == 3 * len(lives)
        assert one.outbox.dead + other.outbox.dead == []


async def in_portions(replica: Aggregator, events: list[Event]) -> None:
    records = log_of(events)
    for start in range(0, len(records), 7):
        await replica.fold(records[start : start + 7])


async def test_a_large_batch_goes_in_portions(
    aggregator: Aggregator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.aggregator.removing.REMOVED_AT_ONCE", 3)
    writer = Writer(aggregator)
    await writer.write([*all_of(GONE), order(GONE, "delete")])
    remover, rounds = Remover(aggregator.database), 0

    while await remover.round():
        rounds += 1

    assert rounds > 1
    assert await left_of(aggregator, GONE) == nothing()


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_rebuild_deletes_what_was_deleted(
    aggregator: Aggregator, database_url: str, seed: int
) -> None:
    writer = Writer(aggregator, seed)
    await writer.write(all_of(STAYS))
    await writer.write(all_of(GONE)[3:], shuffled=True)
    await writer.write([*all_of(GONE), order(GONE, "delete"), *lives_of(GONE)], shuffled=True)
    await aggregator.remove_all()
    before = _known(await rows_of(aggregator))

    async with rebuild(database_url, aggregator, writer.log) as work:
        report = await work.check()
    await aggregator.run(
        "TRUNCATE batches, jobs, usage, job_log, deleted_batches, consumer_offsets CASCADE"
    )
    async with rebuild(database_url, aggregator, WrittenLog(writer.log.written)) as work:
        await work.run()

    assert report.differences == []
    assert _known(await rows_of(aggregator)) == before
    assert await left_of(aggregator, GONE) == nothing()


async def test_what_the_log_has_lost_of_a_deleted_batch_stays_deleted_and_paid(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = Writer(aggregator)
    await writer.write([*all_of(GONE), order(GONE, "delete")])
    await aggregator.remove_all()
    cost = await bills(aggregator)
    # Nothing of it is left in the log but an order that came late.
    later = Writer(aggregator)
    await later.write([order(GONE, "cancel")])

    async with rebuild(database_url, aggregator, WrittenLog(later.log.written)) as work:
        await work.run()

    assert await left_of(aggregator, GONE) == nothing()
    assert await bills(aggregator) == cost != []


async def test_what_a_rebuild_finds_deleted_is_removed_where_the_fold_was_behind(
    aggregator: Aggregator, database_url: str
) -> None:
    writer = Writer(aggregator)
    await writer.write([*all_of(GONE), order(GONE, "delete")])
    await aggregator.run("DELETE FROM deleted_batches")

    async with rebuild(database_url, aggregator, writer.log) as work:
        await work.run()
    await aggregator.remove_all()

    assert await left_of(aggregator, GONE) == nothing()


async def test_objects_go_that_no_other_job_refers_to(aggregator: Aggregator) -> None:
    own, shared = artefact_ref(key="script/aa/own"), artefact_ref(key="script/bb/shared")
    writer = Writer(aggregator)
    await writer.write([submitted(GONE), submitted(STAYS)])
    await writer.write(_scripts(GONE, (own, shared)) + _scripts(STAYS, (shared,)))
    late = artefact_ref(key="script/cc/late")
    await writer.write([order(GONE, "delete"), *_scripts(GONE, (late,), run=2)])
    await aggregator.remove_all()
    room = Room()
    purger = Purger(aggregator.database, room, timedelta(0))

    await purger.round()
    hidden = list(room.hidden)
    await purger.round()

    assert {own.key, shared.key, late.key} <= set(hidden)
    assert {own.key, late.key} <= set(room.gone)
    assert shared.key not in room.gone
    assert await aggregator.rows("SELECT FROM unused_artefacts") == []


async def test_what_earlier_runs_made_goes_with_their_job(
    aggregator: Aggregator, database_url: str
) -> None:
    writer, refs = Writer(aggregator), [artefact_ref(key=f"script/aa/{run}") for run in (1, 2, 3)]
    await writer.write([submitted(GONE)])
    for run, ref in enumerate(refs, start=1):
        await writer.write([order(GONE, "retry", jobs_of(GONE)[0], run=run)])
        await writer.write(_scripts(GONE, (ref,), run=run))
    before = await aggregator.rows("SELECT * FROM run_artefacts ORDER BY key")
    await aggregator.run("DELETE FROM run_artefacts")
    async with rebuild(database_url, aggregator, writer.log) as work:
        await work.run()
    rebuilt = await aggregator.rows("SELECT * FROM run_artefacts ORDER BY key")

    await writer.write([order(GONE, "delete")])
    await aggregator.remove_all()

    unused = await aggregator.rows("SELECT key FROM unused_artefacts")
    assert {ref.key for ref in refs} <= {row["key"] for row in unused}
    assert [row["key"] for row in before] == [ref.key for ref in refs]
    assert rebuilt == before
    assert await aggregator.rows("SELECT FROM run_artefacts") == []


async def test_an_object_that_is_used_meanwhile_is_hidden_once_more_and_stays(
    aggregator: Aggregator,
) -> None:
    await aggregator.run("INSERT INTO unused_artefacts (key) VALUES ('audio/aa/x')")
    room = Room(in_use={"audio/aa/x"})
    purger = Purger(aggregator.database, room, timedelta(0))

    for _ in range(4):
        await purger.round()

    assert room.hidden == ["audio/aa/x"] * 2
    assert room.gone == []


async def test_a_large_request_outlives_its_records_in_the_log(aggregator: Aggregator) -> None:
    data = submitted(GONE).request.model_dump_json().encode()
    ref = await aggregator.artefacts.put("request", data, media_type="application/json")
    by_reference = submitted(GONE).model_copy(update={"request": None, "request_ref": ref})
    writer = Writer(aggregator)

    await writer.write([by_reference, order(GONE, "delete")])

    [row] = await aggregator.rows("SELECT * FROM unused_artefacts WHERE key = $1", ref.key)
    assert row["due_at"] - START > REQUEST_KEPT
    assert timedelta(days=14) < REQUEST_KEPT


class Room:
    def __init__(self, in_use: set[str] | None = None) -> None:
        self.in_use = in_use or set()
        self.hidden: list[str] = []
        self.gone: list[str] = []

    async def hide(self, key: str) -> None:
        self.hidden.append(key)

    async def discard(self, key: str, *, grace: timedelta) -> bool:
        if key in self.in_use:
            return False
        self.gone.append(key)
        return True


def _scripts(batch_id: UUID, refs: Sequence[Any], run: int = 1) -> list[Event]:
    return [
        life_of(job, batch_id)[1].model_copy(update={"script": ref, "run": run})
        for job, ref in zip(jobs_of(batch_id), refs, strict=False)
    ]


def _known(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # Lines that came after their batch was deleted stay until the log's end; nobody reads them.
    jobs = {row["job_id"] for row in rows["jobs"]}
    rows["job_log"] = [row for row in rows["job_log"] if row["job_id"] in jobs]
    for batch in rows["batches"]:
        for name in ("seq", "published_seq", "dirty", "endings", "announced_ending"):
            del batch[name]
    return rows
