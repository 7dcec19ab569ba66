import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from shared.errors import RateLimitedError
from shared.events import BatchesControl, Event, JobsFailed, JobsParked, ScriptAdapted
from shared.quota import calling, unless_stopped
from shared.runtime.control import Control, Orders
from shared.runtime.stage import Stage
from tests.support.builders import BATCH, JOB, audio_ready, script_adapted
from tests.unit.shared.test_stage import FakePublisher, record

EVENT = script_adapted()


def order(action: Any, **changes: Any) -> BatchesControl:
    return BatchesControl(**{"batch_id": BATCH, "action": action, **changes})


def stage(control: Control, handle: Any, **changes: Any) -> tuple[Stage[Any], FakePublisher]:
    publisher = FakePublisher()
    made: Stage[Any] = Stage(
        name="narrator",
        consumes=ScriptAdapted,
        handle=handle,
        publisher=publisher,
        max_attempts=3,
        handler_seconds=5.0,
        control=control,
        **changes,
    )
    return made, publisher


async def settled(made: Stage[Any], event: ScriptAdapted = EVENT) -> None:
    await made.settle(record(event.model_dump_json().encode()))


async def unreached(_: ScriptAdapted) -> Sequence[Event]:
    raise AssertionError("nothing may be begun")


@pytest.mark.parametrize(
    ("orders", "verdict"),
    [
        ([], None),
        ([order("pause")], "paused"),
        ([order("pause"), order("resume")], None),
        ([order("cancel"), order("resume")], "cancelled"),
        ([order("delete")], "cancelled"),
        ([order("delete"), order("resume")], "cancelled"),
        ([order("pause", job_id=JOB)], "paused"),
        ([order("pause", job_id=UUID(int=9))], None),
        ([order("pause", batch_id=UUID(int=9))], None),
        ([order("cancel", job_id=JOB, run=1)], "cancelled"),
        ([order("cancel", job_id=JOB, run=1), order("retry", job_id=JOB, run=2)], None),
        ([order("pause"), order("cancel", job_id=JOB, run=1)], "cancelled"),
    ],
)
def test_the_newest_order_about_a_job_or_its_batch_counts(
    orders: list[BatchesControl], verdict: str | None
) -> None:
    known = Orders()

    for each in orders:
        known.take(each)

    assert known.about(EVENT) == verdict


def test_a_cancelled_run_does_not_cancel_the_next() -> None:
    known = Orders()

    known.take(order("cancel", job_id=JOB, run=1))

    assert known.about(script_adapted(run=2)) is None


def test_a_raised_budget_counts_before_that_of_the_request() -> None:
    known = Orders()
    event = script_adapted(options={"budget_usd": 1.0})
    assert known.budget(event) == 1.0

    known.take(order("resume", budget_usd=2.5))

    assert known.budget(event) == 2.5


async def test_a_job_of_a_paused_batch_is_given_back_before_it_is_begun() -> None:
    control = Control()
    control.take(order("pause"))
    made, publisher = stage(control, unreached)

    await settled(made)

    [parked] = publisher.published
    assert isinstance(parked, JobsParked)
    assert (parked.reason, parked.stage, parked.parking) == ("paused", "narrator", 1)
    resumed = ScriptAdapted.model_validate(parked.resume.event)
    assert resumed == EVENT.model_copy(update={"parking": 1})
    assert publisher.dead == []


async def test_a_job_of_a_cancelled_batch_ends_as_cancelled() -> None:
    control = Control()
    control.take(order("cancel"))
    made, publisher = stage(control, unreached)

    await settled(made)

    [failed] = publisher.published
    assert isinstance(failed, JobsFailed)
    assert (failed.code, publisher.dead) == ("cancelled", [])


async def test_a_pause_lets_the_call_under_way_finish_and_begins_no_other() -> None:
    control, began, finish, calls = Control(), asyncio.Event(), asyncio.Event(), []

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        for number in range(2):
            async with calling(0.0):
                began.set()
                await finish.wait()
                calls.append(number)
        return []

    made, publisher = stage(control, handle)
    settling = asyncio.create_task(settled(made))
    await began.wait()

    control.take(order("pause"))
    finish.set()
    await settling

    assert calls == [0]
    assert [type(event) for event in publisher.published] == [JobsParked]


async def test_a_pause_ends_a_wait_that_nobody_pays_for() -> None:
    control, began = Control(), asyncio.Event()

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        began.set()
        await unless_stopped(asyncio.Event().wait())
        raise AssertionError("it cannot come so far")

    made, publisher = stage(control, handle)
    settling = asyncio.create_task(settled(made))
    await began.wait()

    control.take(order("pause", job_id=JOB))
    await settling

    assert [type(event) for event in publisher.published] == [JobsParked]


async def test_a_cancellation_cuts_the_handler_off() -> None:
    control, began = Control(), asyncio.Event()

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        async with calling(0.0):
            began.set()
            await asyncio.Event().wait()
        raise AssertionError("it cannot come so far")

    made, publisher = stage(control, handle)
    settling = asyncio.create_task(settled(made))
    await began.wait()

    control.take(order("cancel", job_id=JOB, run=1))
    await settling

    [failed] = publisher.published
    assert isinstance(failed, JobsFailed)
    assert failed.code == "cancelled"


async def test_a_process_that_stops_gives_nothing_back() -> None:
    control, began = Control(), asyncio.Event()

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        began.set()
        await unless_stopped(asyncio.Event().wait())
        raise AssertionError("it cannot come so far")

    made, publisher = stage(control, handle)
    settling = asyncio.create_task(settled(made))
    await began.wait()

    settling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await settling

    assert publisher.published == []


async def test_a_long_wait_for_a_quota_is_not_held_in_memory() -> None:
    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        raise RateLimitedError("the day's quota is used up", retry_after=3_600)

    made, publisher = stage(Control(), handle, longest_wait=60.0)

    await settled(made, script_adapted(failed_tries=2, parking=4))

    [parked] = publisher.published
    assert isinstance(parked, JobsParked)
    assert (parked.reason, parked.parking) == ("waiting", 5)
    assert parked.resume.event["failed_tries"] == 2
    waits = (parked.not_before - parked.occurred_at).total_seconds() if parked.not_before else 0
    assert round(waits / 3_600) == 1


async def test_nothing_is_begun_before_the_orders_of_the_past_are_known() -> None:
    control, handled = Control(), asyncio.Event()
    control.known.clear()

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        handled.set()
        return [audio_ready()]

    made, publisher = stage(control, handle)
    settling = asyncio.create_task(settled(made))
    await asyncio.sleep(0)
    assert not handled.is_set()

    control.take(order("pause"))
    control.known.set()
    await settling

    assert [type(event) for event in publisher.published] == [JobsParked]


async def test_work_that_nobody_watches_may_always_go_on() -> None:
    async with calling(0.0) as call:
        assert call.cost_usd == 0.0
