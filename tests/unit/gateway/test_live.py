import asyncio
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.errors import NotFoundError
from services.gateway.live import MOST_WAITING, Closed, Hub
from services.gateway.store.batches import Batch
from services.gateway.watching import Watch
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway import ME, batch

BATCH = uuid4()


def progress(seq: int, state: BatchState = BatchState.RUNNING, of: UUID = BATCH) -> BatchesProgress:
    return BatchesProgress(
        batch_id=of, user_id=ME, seq=seq, state=state, counts=BatchCounts(total=1, queued=seq)
    )


class Database:
    """One batch, which the aggregator moves on."""

    def __init__(self, seq: int = 0) -> None:
        self.row: Batch | None = batch(batch_id=BATCH, seq=seq)

    async def read(self) -> Batch | None:
        await asyncio.sleep(0)
        return self.row

    def move(self, seq: int, state: BatchState = BatchState.RUNNING) -> None:
        self.row = batch(batch_id=BATCH, seq=seq, state=state)


def watch(hub_feed: Any, database: Database, ping_seconds: float = 5.0) -> Watch:
    return Watch(
        feed=hub_feed,
        read=database.read,
        shape=lambda row: {"state": row.state, "seq": row.seq},
        ping_seconds=ping_seconds,
    )


async def test_silence_about_a_batch_that_was_deleted_ends() -> None:
    hub, database = Hub(), Database(seq=3)
    with hub.subscribe(BATCH) as feed:
        messages = watch(feed, database, ping_seconds=0.01).messages()
        await anext(messages)
        database.row = None

        with pytest.raises(NotFoundError, match="was deleted"):
            await anext(messages)


async def test_a_snapshot_then_every_change_then_the_end() -> None:
    hub, database = Hub(), Database(seq=3)
    with hub.subscribe(BATCH) as feed:
        for seq in (2, 3, 4, 5):
            hub.publish(progress(seq))
        hub.publish(progress(6, BatchState.COMPLETED))

        seen = [message async for message in watch(feed, database).messages()]

    assert [(m["type"], m["seq"]) for m in seen] == [
        ("snapshot", 3),
        ("progress", 4),
        ("progress", 5),
        ("progress", 6),
    ]
    assert seen[-1]["state"] == "completed"


async def test_a_batch_that_has_ended_is_one_snapshot() -> None:
    database = Database()
    database.move(9, BatchState.FAILED)
    with Hub().subscribe(BATCH) as feed:
        seen = [message async for message in watch(feed, database).messages()]

    assert [(m["type"], m["seq"]) for m in seen] == [("snapshot", 9)]


async def test_who_comes_back_up_to_date_gets_no_snapshot() -> None:
    hub, database = Hub(), Database(seq=4)
    with hub.subscribe(BATCH) as feed:
        hub.publish(progress(5, BatchState.COMPLETED))

        seen = [message async for message in watch(feed, database).messages(after_seq=4)]

    assert [(m["type"], m["seq"]) for m in seen] == [("progress", 5)]


@pytest.mark.parametrize("after_seq", [2, 4, 99])
async def test_who_comes_back_after_the_end_is_told_how_it_ended(after_seq: int) -> None:
    database = Database()
    database.move(4, BatchState.COMPLETED)
    with Hub().subscribe(BATCH) as feed:
        seen = [message async for message in watch(feed, database).messages(after_seq)]

    assert [(m["type"], m["seq"]) for m in seen] == [("snapshot", 4)]


async def test_what_kafka_did_not_say_is_read_from_the_database() -> None:
    database = Database(seq=1)
    with Hub().subscribe(BATCH) as feed:
        messages = watch(feed, database, ping_seconds=0.01).messages()
        first, silent = await anext(messages), await anext(messages)
        database.move(7, BatchState.COMPLETED)
        rest = [message async for message in messages]

    assert (first["type"], silent) == ("snapshot", {"type": "ping"})
    assert [m["seq"] for m in rest if m["type"] == "snapshot"] == [7]


async def test_nobody_watches_a_batch_that_is_not_there() -> None:
    database = Database()
    database.row = None
    with Hub().subscribe(BATCH) as feed, pytest.raises(NotFoundError):
        await anext(watch(feed, database).messages())


async def test_watchers_are_sent_away_on_shutdown() -> None:
    hub = Hub()
    with hub.subscribe(BATCH) as feed:
        waiting = asyncio.create_task(feed.next(0))
        await asyncio.sleep(0)
        hub.close()

        with pytest.raises(Closed):
            await waiting
    with hub.subscribe(BATCH) as late, pytest.raises(Closed):
        await late.next(0)


async def test_a_slow_reader_skips_to_the_newest() -> None:
    hub, database = Hub(), Database(seq=0)
    with hub.subscribe(BATCH) as feed:
        messages = watch(feed, database).messages()
        await anext(messages)
        for seq in range(1, 10 * MOST_WAITING + 1):
            hub.publish(progress(seq))
        hub.publish(progress(10 * MOST_WAITING + 1, BatchState.COMPLETED))

        seen = [message async for message in messages]

    assert len(seen) <= MOST_WAITING
    assert seen[0]["type"] == "snapshot"
    assert seen[-1]["seq"] == 10 * MOST_WAITING + 1


async def test_who_has_left_is_forgotten() -> None:
    hub = Hub()
    with hub.subscribe(BATCH):
        pass

    assert not hub._feeds


@settings(max_examples=200, deadline=None)
@given(
    # What happens, in order: an event arrives, the reader reads, the reader's read is slow.
    steps=st.lists(st.sampled_from(["event", "event", "burst", "turn", "repeat"]), max_size=60),
    start=st.integers(0, 5),
)
def test_no_gap_and_no_repeat_whatever_the_order(steps: list[str], start: int) -> None:
    asyncio.run(play(steps, start))


async def play(steps: list[str], start: int) -> None:
    hub, database = Hub(), Database(seq=start)
    seen: list[dict[str, Any]] = []

    async def read_all(feed: Any) -> None:
        async for message in watch(feed, database).messages():
            seen.append(message)
            await asyncio.sleep(0)

    with hub.subscribe(BATCH) as feed:
        reader = asyncio.create_task(read_all(feed))
        last = start
        for step in steps:
            last = happen(step, last, hub, database)
            if step == "turn":
                await asyncio.sleep(0)
        database.move(last + 1, BatchState.COMPLETED)
        hub.publish(progress(last + 1, BatchState.COMPLETED))
        async with asyncio.timeout(5):
            await reader

    assert seen[0]["type"] == "snapshot"
    assert seen[-1]["seq"] == last + 1
    for before, now in pairwise(seen):
        assert now["seq"] > before["seq"]
        assert now["type"] == "snapshot" or now["seq"] == before["seq"] + 1


def happen(step: str, last: int, hub: Hub, database: Database) -> int:
    if step == "repeat":
        hub.publish(progress(last))
        hub.publish(progress(1, of=uuid4()))
    for _ in range({"event": 1, "burst": MOST_WAITING + 3}.get(step, 0)):
        last += 1
        # The row is committed before the event is published.
        database.move(last)
        hub.publish(progress(last))
    return last
