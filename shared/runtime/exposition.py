"""`/metrics`: what was measured, as Prometheus reads it.

OpenMetrics where it is asked for, with an exemplar per bucket: the trace of a job that took
that long. The older text format otherwise, for people and for whatever else looks.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from faststream.asgi import AsgiResponse, get
from faststream.asgi.types import ASGIApp, Scope
from opentelemetry.sdk.metrics.export import (
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    Sum,
)

from shared.runtime.telemetry import Telemetry
from shared.telemetry.declared import prometheus_name

OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
TEXT = "text/plain; version=0.0.4; charset=utf-8"


def route(telemetry: Telemetry) -> tuple[str, ASGIApp]:
    """Return the route that Prometheus scrapes."""

    @get
    async def scrape(scope: Scope) -> AsgiResponse:
        accepts = dict(scope["headers"]).get(b"accept", b"")
        openmetrics = b"application/openmetrics-text" in accepts
        body = render(telemetry, openmetrics=openmetrics)
        kind = OPENMETRICS if openmetrics else TEXT
        return AsgiResponse(body.encode(), 200, {"content-type": kind})

    return "/metrics", scrape


def render(telemetry: Telemetry, *, openmetrics: bool) -> str:
    """Return everything measured so far."""
    lines = list(_info(telemetry.resource.attributes, openmetrics=openmetrics))
    data = telemetry.metrics.get_metrics_data()
    for resource in data.resource_metrics if data else ():
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                lines.extend(_family(metric, openmetrics=openmetrics))
    if openmetrics:
        lines.append("# EOF")
    return "\n".join(lines) + "\n"


def _info(attributes: Mapping[str, Any], *, openmetrics: bool) -> Iterator[str]:
    yield "# TYPE target info" if openmetrics else "# TYPE target_info gauge"
    yield f"target_info{_labels(attributes)} 1"


def _family(metric: Metric, *, openmetrics: bool) -> Iterator[str]:
    data = metric.data
    counts = isinstance(data, Sum) and data.is_monotonic
    name = prometheus_name(metric.name, metric.unit or "", counter=counts)
    kind = "histogram" if isinstance(data, Histogram) else "counter" if counts else "gauge"
    family = name.removesuffix("_total") if openmetrics else name
    yield f"# TYPE {family} {kind}"
    yield f"# HELP {family} {_escaped(metric.description or '')}"
    for point in data.data_points:
        if isinstance(point, HistogramDataPoint):
            yield from _histogram(name, point, exemplars=openmetrics)
        elif isinstance(point, NumberDataPoint):
            yield f"{name}{_labels(point.attributes or {})} {_number(point.value)}"


def _histogram(name: str, point: HistogramDataPoint, *, exemplars: bool) -> Iterator[str]:
    labels = dict(point.attributes or {})
    bounds = [*point.explicit_bounds, float("inf")]
    found = _exemplars(point, bounds) if exemplars else {}
    below = 0
    for place, (bound, count) in enumerate(zip(bounds, point.bucket_counts, strict=True)):
        below += count
        line = f"{name}_bucket{_labels(labels | {'le': _number(bound)})} {below}"
        yield line + found.get(place, "")
    yield f"{name}_count{_labels(labels)} {point.count}"
    yield f"{name}_sum{_labels(labels)} {_number(point.sum)}"


def _exemplars(point: HistogramDataPoint, bounds: list[float]) -> dict[int, str]:
    """Return what is written behind each bucket's count, by the bucket's place."""
    found = {}
    for exemplar in point.exemplars:
        if exemplar.trace_id is None or exemplar.span_id is None:
            continue
        place = next(i for i, bound in enumerate(bounds) if exemplar.value <= bound)
        ids = {
            "trace_id": format(exemplar.trace_id, "032x"),
            "span_id": format(exemplar.span_id, "016x"),
        }
        at = exemplar.time_unix_nano / 1e9
        found[place] = f" # {_labels(ids)} {_number(exemplar.value)} {at:.3f}"
    return found


def _labels(labels: Mapping[str, Any]) -> str:
    if not labels:
        return ""
    pairs = (f'{_name(name)}="{_escaped(str(value))}"' for name, value in sorted(labels.items()))
    return "{" + ",".join(pairs) + "}"


def _name(label: str) -> str:
    return label.replace(".", "_").replace("-", "_")


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _number(value: float) -> str:
    if value == float("inf"):
        return "+Inf"
    return str(float(value))
