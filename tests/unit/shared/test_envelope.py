import json
from typing import Any
from uuid import UUID, uuid5

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider

from shared.errors import InvalidEventError
from shared.events import Event, JobsRequested
from shared.runtime.envelope import decode, headers_of, origin_of, trace_of
from tests.support.builders import job_requested


def read(value: Any, headers: list[tuple[str, bytes | None]] | None = None) -> JobsRequested:
    body = value if isinstance(value, bytes | None) else json.dumps(value).encode()
    return decode(JobsRequested, body, headers or [], topic="jobs.requested", partition=3, offset=7)


def encoded(headers: dict[str, str]) -> list[tuple[str, bytes | None]]:
    return [(name, value.encode()) for name, value in headers.items()]


def test_an_event_survives_the_wire() -> None:
    event = job_requested()

    again = read(event.model_dump_json().encode(), encoded(headers_of(event, "aggregator")))

    assert again == event


def test_headers_are_cloudevents_in_binary_mode() -> None:
    event = job_requested()

    headers = headers_of(event, "aggregator")

    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_id"] == str(event.event_id)
    assert headers["ce_type"] == "bolt.jobs.requested.v1"
    assert headers["ce_source"] == "/bolt-ia/aggregator"
    assert headers["ce_partitionkey"] == event.key.decode()
    assert headers["content-type"] == "application/json"


def test_the_trace_goes_along() -> None:
    tracer = TracerProvider().get_tracer("test")
    with tracer.start_as_current_span("outer") as span:
        headers = headers_of(job_requested(), "gateway")
    trace_id = format(span.get_span_context().trace_id, "032x")

    context = trace_of(encoded(headers))

    assert trace_id in headers["traceparent"]
    assert context


def test_what_nobody_caused_starts_a_trace_of_its_own_job() -> None:
    event = job_requested()

    span = trace.get_current_span(origin_of(event)).get_span_context()

    assert span.is_valid
    assert span.trace_id == event.job_id.int


def test_what_somebody_caused_goes_on_in_that_trace() -> None:
    tracer = TracerProvider().get_tracer("test")
    with tracer.start_as_current_span("outer") as outer:
        span = trace.get_current_span(origin_of(job_requested())).get_span_context()

    assert span.trace_id == outer.get_span_context().trace_id


def test_the_least_a_foreign_producer_must_say_is_a_title_and_a_language() -> None:
    event = read({"title": "Olá", "language": "pt-BR"})

    assert event.title == "Olá"
    assert event.batch_id is None


def test_a_redelivered_foreign_record_gets_the_same_ids() -> None:
    first, second = (read({"title": "Olá", "language": "pt-BR"}) for _ in range(2))

    assert (first.event_id, first.job_id) == (second.event_id, second.job_id)


def test_a_foreign_id_of_any_text_becomes_a_stable_uuid() -> None:
    body = {"title": "Olá", "language": "pt-BR"}

    first = read(body, [("ce_id", b"order-17")])

    assert first.event_id == read(body, [("ce_id", b"order-17")]).event_id
    assert first.event_id != read(body, [("ce_id", b"order-18")]).event_id
    assert first.job_id == uuid5(first.event_id, "job")


def test_what_we_write_is_read_straight_from_its_bytes_and_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    event = job_requested()
    value, headers = event.model_dump_json().encode(), encoded(headers_of(event, "aggregator"))
    straight = read(value, headers)
    monkeypatch.setattr(JobsRequested, "model_validate_json", None)

    with pytest.raises(TypeError):
        read(value, headers)

    assert straight == read(value, [*headers, ("ce_type", b"com.example.order")]) == event


def test_structured_mode_is_read_too() -> None:
    body = {
        "specversion": "1.0",
        "id": "00000000-0000-0000-0000-00000000000f",
        "data": {"title": "Olá", "language": "pt-BR"},
    }

    event = read(body, [("content-type", b"application/cloudevents+json; charset=utf-8")])

    assert event.event_id == UUID(int=15)


def test_headers_that_are_not_text_do_not_matter() -> None:
    event = read({"title": "Olá", "language": "pt-BR"}, [("x", b"\xff\xfe"), ("y", None)])

    assert event.title == "Olá"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        pytest.param(None, "no value", id="a tombstone"),
        pytest.param(b"\xff\xfe", "not JSON", id="not text"),
        pytest.param(b"[1]", "not a JSON object", id="not an object"),
        pytest.param({"language": "pt-BR"}, "title: Field required", id="no title"),
        pytest.param({"title": " ", "language": "pt-BR"}, "title:", id="an empty title"),
        pytest.param({"title": "x" * 1_001, "language": "pt-BR"}, "title:", id="a long title"),
        pytest.param(
            {"title": "x", "language": "pt-BR", "text": "a" * 100_001},
            "text has 100001 bytes; at most 100000",
            id="a long text",
        ),
    ],
)
def test_what_is_not_the_event_is_said_precisely(value: Any, says: str) -> None:
    with pytest.raises(InvalidEventError, match=r"^jobs\.requested: ") as caught:
        read(value)

    assert says in str(caught.value)


def test_every_event_has_a_key_that_is_text() -> None:
    assert isinstance(job_requested(), Event)
    assert job_requested().key.decode()


@pytest.mark.parametrize(
    ("header", "value", "says"),
    [
        ("ce_specversion", "2.0", "ce_specversion is 2.0"),
        ("ce_type", "bolt.jobs.requested.v2", "update this service, then redrive"),
    ],
)
def test_what_a_later_version_means_is_not_guessed(header: str, value: str, says: str) -> None:
    event = job_requested()
    headers = headers_of(event, "aggregator") | {header: value}

    with pytest.raises(InvalidEventError, match=says):
        read(event.model_dump_json().encode(), encoded(headers))


def test_versions_are_read_in_structured_mode_too() -> None:
    body = {"specversion": "1.0", "type": "bolt.jobs.requested.v7", "id": "1", "data": {}}

    with pytest.raises(InvalidEventError, match=r"bolt\.jobs\.requested\.v7"):
        read(body, [("content-type", b"application/cloudevents+json")])


def test_other_systems_call_their_types_what_they_like() -> None:
    event = read({"title": "Bees", "language": "pt-BR"}, [("ce_type", b"com.acme.wish.v9")])

    assert event.title == "Bees"
