import re

import pytest
from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider

from shared.runtime.exposition import render
from shared.runtime.telemetry import Telemetry


@pytest.fixture
def measured() -> Telemetry:
    reader, resource = InMemoryMetricReader(), Resource({"service.name": "narrator"})
    meter = MeterProvider([reader], resource).get_meter("test")
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("test")
    seconds = meter.create_histogram(
        "bolt.stage.duration", "s", "How long.", explicit_bucket_boundaries_advisory=[0.5, 10]
    )
    meter.create_counter("bolt.retries", "{retry}", "Again.").add(2, {"reason": 'a "b"\n\\'})
    meter.create_up_down_counter("bolt.stage.in_flight", "{job}").add(3)
    seconds.record(0.2, {"stage": "narrator"})
    with tracer.start_as_current_span("slow"):
        seconds.record(7, {"stage": "narrator"})
    return Telemetry(reader, resource, exporting=False)


def test_a_histogram_is_cumulative_and_ends_in_infinity(measured: Telemetry) -> None:
    lines = render(measured, openmetrics=False).splitlines()

    assert [line for line in lines if line.startswith("bolt_stage_duration_seconds")] == [
        'bolt_stage_duration_seconds_bucket{le="0.5",stage="narrator"} 1',
        'bolt_stage_duration_seconds_bucket{le="10.0",stage="narrator"} 2',
        'bolt_stage_duration_seconds_bucket{le="+Inf",stage="narrator"} 2',
        'bolt_stage_duration_seconds_count{stage="narrator"} 2',
        'bolt_stage_duration_seconds_sum{stage="narrator"} 7.2',
    ]


def test_a_slow_bucket_names_the_trace_of_what_was_slow(measured: Telemetry) -> None:
    text = render(measured, openmetrics=True)

    exemplar = r'_bucket\{le="(.*?)".*?\} \d+ # \{span_id="(\w{16})",trace_id="(\w{32})"'
    found = re.findall(exemplar, text)
    assert [bound for bound, _, _ in found] == ["10.0"]
    assert text.endswith("# EOF\n")


def test_the_older_format_has_no_exemplars(measured: Telemetry) -> None:
    assert " # {" not in render(measured, openmetrics=False)


@pytest.mark.parametrize(
    ("openmetrics", "family"), [(True, "bolt_retries"), (False, "bolt_retries_total")]
)
def test_a_counter_ends_in_total_and_its_labels_are_escaped(
    measured: Telemetry, openmetrics: bool, family: str
) -> None:
    lines = render(measured, openmetrics=openmetrics).splitlines()

    assert f"# TYPE {family} counter" in lines
    assert 'bolt_retries_total{reason="a \\"b\\"\\n\\\\"} 2.0' in lines
    assert "bolt_stage_in_flight 3.0" in lines
    assert 'target_info{service_name="narrator"} 1' in lines


def test_nothing_was_measured_yet() -> None:
    reader = InMemoryMetricReader()
    MeterProvider([reader])

    assert "target_info" in render(
        Telemetry(reader, Resource({}), exporting=False), openmetrics=True
    )
    assert not trace.get_current_span().is_recording()
