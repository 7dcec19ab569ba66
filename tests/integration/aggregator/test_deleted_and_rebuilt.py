from typing import Any

import pytest

from tests.support.aggregator import Aggregator
from tests.support.rebuilds import WrittenLog, rebuild
from tests.support.whole_batches import GONE, STAYS, all_of, bills, left_of, lives_of, nothing
from tests.support.written import Writer, order, rows_of

pytestmark = pytest.mark.connected


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


def _known(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    # Lines that came after their batch was deleted stay until the log's end; nobody reads them.
    jobs = {row["job_id"] for row in rows["jobs"]}
    rows["job_log"] = [row for row in rows["job_log"] if row["job_id"] in jobs]
    for batch in rows["batches"]:
        for name in ("seq", "published_seq", "dirty", "endings", "announced_ending"):
            del batch[name]
    return rows
