"""Kafka: what is written and read, and how far behind the readers are."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from shared.telemetry.declared import (
    CONSUMERS,
    EVERYONE,
    LONG,
    SHORT,
    Metric,
    counter,
    histogram,
    readings,
)

TOPIC, GROUP = "messaging.destination.name", "messaging.consumer.group.name"
SYSTEM, OPERATION, ERROR = "messaging.system", "messaging.operation.name", "error.type"

_sent = counter(
    Metric(
        "messaging.client.sent.messages",
        "counter",
        "{message}",
        "Records written to Kafka; with an error type, those that it did not take.",
        (SYSTEM, OPERATION, TOPIC, ERROR),
        services=EVERYONE,
    )
)
_send_seconds = histogram(
    Metric(
        "messaging.client.operation.duration",
        "histogram",
        "s",
        "How long Kafka takes to acknowledge a record.",
        (SYSTEM, OPERATION, TOPIC, ERROR),
        SHORT,
        EVERYONE,
    )
)
_consumed = counter(
    Metric(
        "messaging.client.consumed.messages",
        "counter",
        "{message}",
        "Records taken from Kafka.",
        (SYSTEM, OPERATION, TOPIC, GROUP),
        services=CONSUMERS,
    )
)
_process_seconds = histogram(
    Metric(
        "messaging.process.duration",
        "histogram",
        "s",
        "How long a record takes until it is settled; a fold's are those of a whole portion.",
        (SYSTEM, OPERATION, TOPIC, GROUP, ERROR),
        LONG,
        CONSUMERS,
    )
)
_lag = readings(
    Metric(
        "bolt.consumer.lag",
        "gauge",
        "{message}",
        "Records of the partitions held here that are not settled yet, in hand or not.",
        ("group", "topic"),
        services=CONSUMERS,
    )
)


@contextmanager
def sending(topic: str) -> Iterator[None]:
    """Measure what is done here: one record on its way to Kafka."""
    began = time.monotonic()
    labels = {SYSTEM: "kafka", OPERATION: "send", TOPIC: topic}
    try:
        yield
    except Exception as error:
        labels[ERROR] = type(error).__name__
        raise
    finally:
        _sent.add(1, labels)
        _send_seconds.record(time.monotonic() - began, labels)


def consumed(topic: str, group: str, count: int = 1) -> None:
    """Count records that were taken from Kafka."""
    _consumed.add(count, {SYSTEM: "kafka", OPERATION: "poll", TOPIC: topic, GROUP: group})


def processed(topic: str, group: str, seconds: float, error: str | None = None) -> None:
    """Say how long a record took, and the code of what went wrong."""
    labels = {SYSTEM: "kafka", OPERATION: "process", TOPIC: topic, GROUP: group}
    _process_seconds.record(seconds, labels | ({ERROR: error} if error else {}))


def behind(group: str, topic: str, records: int) -> None:
    """Say how many records of `topic` are not settled yet."""
    _lag.set(records, group, topic)
