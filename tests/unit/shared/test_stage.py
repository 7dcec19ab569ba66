import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord

from shared.errors import PermanentError, RateLimitedError, TransientError, UnavailableError
from shared.events import AudioReady, Event, JobsFailed, ScriptAdapted
from shared.runtime import retry
from shared.runtime.dead_letter_limit import DeadLetterLimit, StageStoppedError
from shared.runtime.dead_letters import Failure
from shared.runtime.publisher import Publisher
from shared.runtime.stage import Stage
from tests.support.builders import audio_ready, script_adapted


class FakePublisher(Publisher):
    def __init__(self) -> None:
        self.published: list[Event] = []
        self.dead: list[tuple[bytes, BaseException, int]] = []
        self.outage = 0

    async def publish(self, event: Event) -> None:
        if self.outage:
            self.outage -= 1
            raise UnavailableError("no broker")
        self.published.append(event)

    async def dead_letter(self, record: ConsumerRecord, failure: Failure) -> None:
        self.dead.append((record.value, failure.error, failure.attempts))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "FIRST_SECONDS", 0.0)


def record(value: bytes) -> ConsumerRecord:
    return ConsumerRecord(
        topic="script.adapted",
        partition=0,
        offset=5,
        timestamp=0,
        timestamp_type=0,
        key=b"key",
        value=value,
        checksum=None,
        serialized_key_size=3,
        serialized_value_size=len(value),
        headers=(),
    )


async def settle(*outcomes: Any, value: bytes | None = None, outage: int = 0) -> FakePublisher:
    waiting = list(outcomes)
    publisher = FakePublisher()
    publisher.outage = outage

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        outcome = waiting.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        if isinstance(outcome, float):
            await asyncio.sleep(outcome)
            return []
        return list(outcome)

    stage = Stage(
        name="narrator",
        consumes=ScriptAdapted,
        handle=handle,
        publisher=publisher,
        max_attempts=3,
        handler_seconds=0.05,
    )
    body = script_adapted().model_dump_json().encode() if value is None else value
    await stage.settle(record(body))
    return publisher


async def test_publishes_what_the_handler_returns() -> None:
    event = audio_ready()

    publisher = await settle([event])

    assert publisher.published == [event]
    assert publisher.dead == []


async def test_tries_again_what_may_heal() -> None:
    publisher = await settle(TransientError("503"), TransientError("503"), [audio_ready()])

    assert len(publisher.published) == 1


@pytest.mark.parametrize("error", [PermanentError("no such voice"), ZeroDivisionError("a bug")])
async def test_gives_up_on_what_cannot(error: Exception) -> None:
    publisher = await settle(error)

    [(value, put_aside, _)] = publisher.dead
    [failed] = publisher.published
    assert put_aside is error
    assert value == record(value).value
    assert isinstance(failed, JobsFailed)
    assert (failed.stage, failed.reason) == ("narrator", str(error))


async def test_counts_the_attempts_it_made() -> None:
    publisher = await settle(*[TransientError("503")] * 3)

    [failed] = publisher.published
    assert isinstance(failed, JobsFailed)
    assert failed.attempts == 3
    assert failed.code == "provider_unavailable"


async def test_a_handler_that_takes_too_long_counts_as_a_failed_try() -> None:
    publisher = await settle(0.2, 0.2, 0.2)

    [failed] = publisher.published
    assert isinstance(failed, JobsFailed)
    assert "no answer in" in failed.reason


async def test_dead_letters_what_it_cannot_read() -> None:
    publisher = await settle(value=b'{"nonsense": true}')

    assert len(publisher.dead) == 1
    assert publisher.published == []


async def test_waits_for_kafka_however_long_it_takes() -> None:
    publisher = await settle([audio_ready()], outage=20)

    assert len(publisher.published) == 1
    assert publisher.dead == []


async def test_a_redelivered_event_fails_its_job_under_the_same_id() -> None:
    body = script_adapted().model_dump_json().encode()

    first = await settle(PermanentError("no"), value=body)
    second = await settle(PermanentError("no"), value=body)

    assert [event.event_id for event in first.published] == [
        event.event_id for event in second.published
    ]


async def test_a_success_tells_what_went_wrong_before_it() -> None:
    publisher = await settle(
        TransientError("503"), RateLimitedError("slower", retry_after=0.0), [audio_ready()]
    )

    [event] = publisher.published
    assert isinstance(event, AudioReady)
    assert [each.code for each in event.history] == ["provider_unavailable", "rate_limited"]
    assert all(each.delay_seconds is not None for each in event.history)


async def test_a_failure_tells_every_try() -> None:
    publisher = await settle(TransientError("503"), PermanentError("no such voice"))

    [failed] = publisher.published
    assert isinstance(failed, JobsFailed)
    assert [each.reason for each in failed.history] == ["503", "no such voice"]
    assert failed.history[-1].delay_seconds is None


async def test_what_nearly_everything_does_is_not_put_aside_any_more() -> None:
    publisher = FakePublisher()

    async def handle(_: ScriptAdapted) -> Sequence[Event]:
        raise KeyError("a bad deployment")

    stage = Stage(
        name="narrator",
        consumes=ScriptAdapted,
        handle=handle,
        publisher=publisher,
        max_attempts=3,
        handler_seconds=1.0,
        limit=DeadLetterLimit("narrator", most=5),
    )
    kept = 0
    for _ in range(20):
        try:
            await stage.settle(record(script_adapted().model_dump_json().encode()))
        except StageStoppedError:
            kept += 1

    assert (len(publisher.dead), kept) == (4, 16)
    assert len(publisher.published) == 4
