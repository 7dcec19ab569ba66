import asyncio
from collections.abc import Awaitable, Callable, Sequence

import pytest

from shared.errors import StoppedError, TransientError, WrongLanguageError
from shared.events import AudioReady, Event, JobsFailed, JobsParked, ScriptAdapted
from shared.quota import calling
from shared.runtime import retry
from shared.runtime.control import Control
from shared.runtime.stage import Stage
from shared.vocabulary import Usage
from tests.support.builders import audio_ready, script_adapted
from tests.unit.shared.quota.test_bills import Kept
from tests.unit.shared.test_stage import FakePublisher, record

EVENT = script_adapted()

Handle = Callable[[ScriptAdapted], Awaitable[Sequence[Event]]]


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_SECONDS", 0.0)


async def pay() -> None:
    async with calling(0.0) as call:
        call.paid = Usage(provider="tone", model="sine", calls=1, characters=10)


async def settle(
    handle: Handle, kept: Kept | None = None, event: ScriptAdapted = EVENT
) -> list[Event]:
    publisher = FakePublisher()
    stage = Stage(
        name="narrator",
        consumes=ScriptAdapted,
        handle=handle,
        publisher=publisher,
        max_attempts=3,
        handler_seconds=5,
        control=Control(lines=kept or Kept()),
    )
    await stage.settle(record(event.model_dump_json().encode()))
    return publisher.published


async def test_a_success_reports_what_its_failed_tries_paid_too() -> None:
    tries = 0

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        nonlocal tries
        tries += 1
        await pay()
        if tries < 3:
            raise TransientError("busy")
        return [audio_ready()]

    (ready,) = await settle(handle)

    assert isinstance(ready, AudioReady)
    assert [(paid.calls, paid.characters) for paid in ready.usage] == [(3, 30)]


async def test_a_failure_reports_what_was_paid_for_nothing() -> None:
    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        await pay()
        await pay()
        raise WrongLanguageError("it came in English, twice")

    (failed,) = await settle(handle)

    assert isinstance(failed, JobsFailed)
    assert (failed.code, [paid.calls for paid in failed.usage]) == ("wrong_language", [2])


async def test_a_job_that_is_given_back_is_billed_before_and_after_and_never_twice() -> None:
    kept = Kept()

    async def stop(_: ScriptAdapted) -> Sequence[Event]:
        await pay()
        raise StoppedError("paused")

    async def finish(_: ScriptAdapted) -> Sequence[Event]:
        await pay()
        return [audio_ready()]

    (parked,) = await settle(stop, kept)
    assert isinstance(parked, JobsParked)
    (ready,) = await settle(finish, kept, ScriptAdapted.model_validate(parked.resume.event))

    assert isinstance(ready, AudioReady)
    assert [paid.calls for paid in (*parked.usage, *ready.usage)] == [1, 1]


async def test_what_a_killed_process_paid_is_reported_once_by_the_next() -> None:
    kept = Kept()
    paid_for = asyncio.Event()

    async def die(_: ScriptAdapted) -> Sequence[Event]:
        await pay()
        paid_for.set()
        await asyncio.sleep(3600)
        return []

    async def find(_: ScriptAdapted) -> Sequence[Event]:
        return [audio_ready()]

    killed = asyncio.create_task(settle(die, kept))
    await paid_for.wait()
    killed.cancel()
    await asyncio.wait([killed])
    (first,) = await settle(find, kept)
    (again,) = await settle(find, kept)

    assert isinstance(first, AudioReady)
    assert isinstance(again, AudioReady)
    assert [paid.calls for paid in first.usage] == [1]
    assert again.usage == ()
