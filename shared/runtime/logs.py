"""Logs: one JSON object a line on standard output, with the trace it belongs to."""

import logging
import sys
from typing import Any

import structlog
from opentelemetry import trace
from structlog.typing import EventDict, Processor

# Libraries that tell a story per record, or per reconnect.
QUIET = ("aiokafka", "faststream", "faststream_concurrent_aiokafka", "botocore", "uvicorn.access")
# Told by metrics and an alert. A back-end that is away must not fill the log.
SILENT = ("opentelemetry.exporter", "opentelemetry.sdk", "urllib3")


def set_up(service: str, level: str) -> None:
    """Log JSON lines to standard output."""

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
    for name in SILENT:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    for name in ("uvicorn", "uvicorn.error"):
        # Its own handlers would print every line a second time, and not as JSON.
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True


def _traced(_: Any, __: str, line: EventDict) -> EventDict:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        # Flat, and in the form that trace viewers search for.
        line["trace_id"] = format(context.trace_id, "032x")
        line["span_id"] = format(context.span_id, "016x")
    return line
