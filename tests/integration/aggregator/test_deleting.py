import asyncio
from uuid import UUID, uuid5

import pytest

from services.aggregator.removing import Remover
from shared.events import Event
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.lives import life_of
from tests.support.records import log_of, record
from tests.support.waiting import until
from tests.support.whole_batches import (
    GONE,
    STAYS,
    all_of,
    bills,
    jobs_of,
    left_of,
    lives_of,
    nothing,
    submitted,
)
from tests.support.written import Writer, order

pytestmark = pytest.mark.connected
FOREIGN = uuid5(UUID(int=0xD2), "batch")


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
