"""Logs and traces, set up once per process."""

import logging
import sys
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from structlog.typing import EventDict, Processor

# Libraries that tell a story per record, or per reconnect.
QUIET = ("aiokafka", "faststream", "faststream_concurrent_aiokafka", "botocore", "uvicorn.access")


def set_up(service: str, level: str, otlp_endpoint: str | None) -> None:
    """Log JSON lines to standard output, and trace; export spans where an endpoint is given."""
    _set_up_logs(service, level)
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        # Also without an exporter: the ids join the logs of five services.
        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        if otlp_endpoint:
            exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
            provider.add_span_processor(BatchSpanProcessor(exporter))
        trace.set_tracer_provider(provider)


def _set_up_logs(service: str, level: str) -> None:
    def named(_: Any, __: str, line: EventDict) -> EventDict:
        line["service"] = service
        return line

    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _traced,
        named,
    ]
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=chain,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error"):
        # Its own handlers would print every line a second time, and not as JSON.
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def _traced(_: Any, __: str, line: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = format(context.trace_id, "032x")
        line["span_id"] = format(context.span_id, "016x")
    return line
