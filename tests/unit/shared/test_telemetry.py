import json
import logging
import socket
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from shared.runtime import CommonSettings, logs, telemetry
from tests.support.otlp import receiver


@pytest.fixture
def nobody_answers() -> Iterator[str]:
    # Connections are taken, and nothing ever comes back.
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def provider(endpoint: str | None, kept: float = 1.0) -> TracerProvider:
    given = CommonSettings(otel_exporter_otlp_endpoint=endpoint, otel_traces_sampler_arg=kept)
    return telemetry.tracer_provider(Resource({"service.name": "narrator"}), given)


def test_spans_reach_a_receiver() -> None:
    with receiver() as received:
        sending = provider(received.url)
        with sending.get_tracer("test").start_as_current_span("work"):
            pass
        telemetry.flush(10, sending)

        assert [(each.service, each.span.name) for each in received.spans] == [("narrator", "work")]
        sending.shutdown()


def test_a_back_end_that_never_answers_holds_nobody_up(nobody_answers: str) -> None:
    sending = provider(nobody_answers)
    tracer = sending.get_tracer("test")

    for _ in range(3 * telemetry.QUEUE_SPANS):
        tracer.start_span("work").end()
    telemetry.flush(0.1, sending)


def test_a_trace_is_kept_by_every_service_or_by_none() -> None:
    scripter, narrator = provider(None, kept=0.5), provider(None)
    half, everything = scripter.get_tracer("test"), narrator.get_tracer("test")

    kept = [half.start_span("work").is_recording() for _ in range(200)]

    assert 50 < sum(kept) < 150
    assert all(everything.start_span("work").is_recording() for _ in range(20))


@pytest.fixture
def restored_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    # Not the attribute: what a logger may say is remembered.
    root.setLevel(level)


@pytest.mark.usefixtures("restored_logging")
def test_a_line_of_log_is_json_and_names_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("narrator", "INFO")

    with provider(None).get_tracer("test").start_as_current_span("work") as span:
        logging.getLogger("test").info("spoken in %d s", 3)

    line = json.loads(capsys.readouterr().out)
    context = span.get_span_context()
    assert line["event"] == "spoken in 3 s"
    assert line["service"] == "narrator"
    assert line["trace_id"] == format(context.trace_id, "032x")
    assert line["span_id"] == format(context.span_id, "016x")
