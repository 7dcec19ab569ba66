from datetime import timedelta

import pytest

from services.aggregator.deleting import REQUEST_KEPT
from services.aggregator.purging import Purger
from tests.support.aggregator import Aggregator
from tests.support.builders import artefact_ref
from tests.support.rebuilds import rebuild
from tests.support.whole_batches import GONE, STAYS, jobs_of, scripts_of, submitted
from tests.support.written import START, Writer, order

pytestmark = pytest.mark.connected


async def test_objects_go_that_no_other_job_refers_to(aggregator: Aggregator) -> None:
    own, shared = artefact_ref(key="script/aa/own"), artefact_ref(key="script/bb/shared")
    writer = Writer(aggregator)
    await writer.write([submitted(GONE), submitted(STAYS)])
    await writer.write(scripts_of(GONE, (own, shared)) + scripts_of(STAYS, (shared,)))
    late = artefact_ref(key="script/cc/late")
    await writer.write([order(GONE, "delete"), *scripts_of(GONE, (late,), run=2)])
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
        await writer.write(scripts_of(GONE, (ref,), run=run))
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
