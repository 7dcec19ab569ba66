"""Logs, traces and metrics, set up once per process.

Spans are pushed, from a thread of their own and a queue with an end: a back-end that is
slow or away costs spans, never time. Metrics are pulled, and cost nothing until somebody
asks for `/metrics`.
"""

import logging
import platform
import threading
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from opentelemetry import metrics, trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased

from shared.runtime import logs
from shared.runtime.settings import CommonSettings
from shared.runtime.tracing import JobTraces

log = logging.getLogger(__name__)

QUEUE_SPANS = 8_192
EXPORT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What a process measures, and where it is read."""

    metrics: InMemoryMetricReader
    resource: Resource
    exporting: bool


_set_up: list[Telemetry] = []
_setting_up = threading.Lock()


def set_up(service: str, settings: CommonSettings) -> Telemetry:
    """Log, trace and measure; export spans where an endpoint is given.

    The first service of a process is who it is; a second finds everything in place.
    """
    logs.set_up(service, settings.log_level)
    with _setting_up:
        if not _set_up:
            resource = _resource(service)
            trace.set_tracer_provider(tracer_provider(resource, settings))
            reader = InMemoryMetricReader()
            provider = MeterProvider([reader], resource, shutdown_on_exit=False)
            metrics.set_meter_provider(provider)
            exporting = bool(settings.otel_exporter_otlp_endpoint)
            _set_up.append(Telemetry(reader, resource, exporting))
        return _set_up[0]


def _resource(service: str) -> Resource:
    # OTEL_RESOURCE_ATTRIBUTES adds to these: the environment, the region.
    own = {
        "service.name": service,
        "service.namespace": "bolt",
        "service.version": _release(),
        "service.instance.id": platform.node(),
    }
    return Resource.create(own)


def tracer_provider(resource: Resource, settings: CommonSettings) -> TracerProvider:
    """Return what makes spans, and sends them where an endpoint is given."""
    provider = TracerProvider(
        # Not by what the caller decided: from the id alone every service decides the same.
        TraceIdRatioBased(settings.otel_traces_sampler_arg),
        resource,
        shutdown_on_exit=False,
        id_generator=JobTraces(),
    )
    if settings.otel_exporter_otlp_endpoint:
        endpoint = f"{settings.otel_exporter_otlp_endpoint.rstrip('/')}/v1/traces"
        # Only here: with its Protocol Buffers it takes a tenth of a service's start.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        exporter = OTLPSpanExporter(endpoint, timeout=EXPORT_SECONDS)
        provider.add_span_processor(
            BatchSpanProcessor(
                exporter,
                max_queue_size=QUEUE_SPANS,
                schedule_delay_millis=1_000,
                export_timeout_millis=EXPORT_SECONDS * 1_000,
            )
        )
    return provider


def exports_spans() -> bool:
    """Return whether anybody will see a span: some are worth making only then."""
    return any(each.exporting for each in _set_up)


def flush(seconds: float, provider: trace.TracerProvider | None = None) -> None:
    """Send the last spans, or leave them after `seconds`. Blocks: call it in a thread."""
    provider = provider or trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        # In a thread that nobody waits for at exit: an export cannot be called off.
        worker = threading.Thread(target=provider.force_flush, daemon=True)
        worker.start()
        worker.join(seconds)


def _release() -> str:
    try:
        return version("bolt-ia")
    except PackageNotFoundError:
        return "0.0.0"
