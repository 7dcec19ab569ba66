from typing import Any

import pytest
from aiokafka.errors import (
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    TopicAuthorizationFailedError,
)

from shared.errors import InvalidRequestError, PermanentError, UnavailableError
from shared.runtime import CommonSettings
from shared.runtime.connection import open_broker
from shared.runtime.dead_letters import Failure
from shared.runtime.publisher import Publisher
from tests.support.builders import script_adapted
from tests.support.records import record

Sent = list[tuple[bytes, dict[str, str]]]


def publisher(monkeypatch: pytest.MonkeyPatch, *answers: BaseException | None) -> tuple[Any, Sent]:
    broker = open_broker("narrator", CommonSettings(kafka_bootstrap_servers="127.0.0.1:1"))
    waiting, sent = list(answers), []

    async def publish(body: bytes, *, headers: dict[str, str], **_: Any) -> None:
        sent.append((body, headers))
        if waiting and (answer := waiting.pop(0)):
            raise answer

    monkeypatch.setattr(broker, "publish", publish)
    return Publisher(broker, "narrator"), sent


async def test_more_than_kafka_takes_is_the_requests_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    kafka, _ = publisher(monkeypatch, MessageSizeTooLargeError())

    with pytest.raises(InvalidRequestError, match="more than Kafka takes"):
        await kafka.publish(script_adapted())


async def test_a_dead_letter_that_does_not_fit_says_where_its_value_lies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kafka, sent = publisher(monkeypatch, MessageSizeTooLargeError())
    source = record(script_adapted(), partition=3, offset=9)

    await kafka.dead_letter(source, Failure(error=PermanentError("no")))

    body, headers = sent[-1]
    assert body == b""
    assert headers["dead_value"] == "too large"
    assert (headers["dead_topic"], headers["dead_partition"], headers["dead_offset"]) == (
        "script.adapted",
        "3",
        "9",
    )


async def test_a_dead_letter_that_may_not_be_written_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kafka, _ = publisher(monkeypatch, TopicAuthorizationFailedError("narrator.dead"))

    # The stage takes this for an outage: the record keeps its offset.
    with pytest.raises(UnavailableError, match="did not take"):
        await kafka.dead_letter(record(script_adapted()), Failure(error=PermanentError("no")))


async def test_a_dead_letter_says_everything_there_is_to_know(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kafka, sent = publisher(monkeypatch)
    event = script_adapted(run=3)
    source = record(event, offset=7)
    source.headers = [("ce_id", b"x"), ("redrive_number", b"2"), ("odd", b"\xff"), ("none", None)]

    await kafka.dead_letter(source, Failure(error=KeyError("voice"), attempts=3, event=event))

    body, headers = sent[0]
    assert body == source.value
    assert headers["ce_id"] == "x"
    said = {name: headers[f"dead_{name}"] for name in ("kind", "code", "attempts", "run")}
    assert said == {"kind": "bug", "code": "bug", "attempts": "3", "run": "3"}
    assert headers["dead_job_id"] == str(event.job_id)
    assert headers["dead_redrives"] == "2"


async def test_a_producer_that_left_a_gap_has_its_process_restarted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kafka, _ = publisher(monkeypatch, *[OutOfOrderSequenceNumber()] * 5)

    for _ in range(5):
        assert kafka.is_alive()
        with pytest.raises(UnavailableError):
            await kafka.publish(script_adapted())

    assert not kafka.is_alive()
