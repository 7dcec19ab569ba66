"""Stages: how far behind, how long, how well."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID

from opentelemetry import trace

from shared.errors import (
    BadSpeechError,
    InvalidEventError,
    InvalidRequestError,
    PipelineError,
    RateLimitedError,
    RefusedError,
    TransientError,
    UnavailableError,
    WrongLanguageError,
)
from shared.telemetry import messaging, recent
from shared.telemetry.declared import (
    CONSUMERS,
    HOURS,
    LONG,
    STAGES,
    Metric,
    counter,
    histogram,
    readings,
    updown,
)

_queue_seconds = histogram(
    Metric(
        "bolt.stage.queue_time",
        "histogram",
        "s",
        "How old a record is when its stage begins with it: how far behind the stage is.",
        ("stage",),
        HOURS,
        CONSUMERS,
    )
)
_stage_seconds = histogram(
    Metric(
        "bolt.stage.duration",
        "histogram",
        "s",
        "How long a stage takes with one job, waiting for providers and retries included.",
        ("stage", "outcome"),
        LONG,
        STAGES,
    )
)
_in_flight = updown(
    Metric(
        "bolt.stage.in_flight",
        "updown",
        "{job}",
        "Records in hand.",
        ("stage",),
        services=STAGES,
    )
)
_window = readings(
    Metric(
        "bolt.stage.window",
        "gauge",
        "{job}",
        "Records that may be in hand at once.",
        ("stage",),
        services=STAGES,
    )
)
_retries = counter(
    Metric(
        "bolt.retries",
        "counter",
        "{retry}",
        "Tries that are repeated, by the code of the failure.",
        ("reason",),
        services=STAGES,
    )
)
_dead_letters = counter(
    Metric(
        "bolt.dead_letters",
        "counter",
        "{message}",
        "Records put aside, by their topic and the code of the failure.",
        ("topic", "reason"),
        services=CONSUMERS,
    )
)
_artefacts = counter(
    Metric(
        "bolt.artefacts",
        "counter",
        "{artefact}",
        "Results asked for: made, or found because somebody had made them before.",
        ("kind", "result"),
        services=STAGES,
    )
)


# What a record can be put aside for.
_FINAL = (
    BadSpeechError,
    InvalidEventError,
    InvalidRequestError,
    RateLimitedError,
    RefusedError,
    TransientError,
    WrongLanguageError,
)


@dataclass(slots=True)
class _Observed:
    failure: str | None = None
    began: float = field(default_factory=time.monotonic)


_current: ContextVar[_Observed | None] = ContextVar("observed", default=None)


@contextmanager
def settling(stage: str, topic: str, published_ms: int) -> Iterator[None]:
    """Measure what is done here: one record of a stage, from its start to its end.

    Args:
        stage: The service, and its consumer group.
        topic: Where the record comes from.
        published_ms: When it was published, as Kafka says it.
    """
    observed = _Observed()
    labels = {"stage": stage}
    messaging.consumed(topic, stage)
    waited(stage, published_ms)
    _in_flight.add(1, labels)
    token = _current.set(observed)
    try:
        with recent.HERE.record():
            yield
    finally:
        _current.reset(token)
        _in_flight.add(-1, labels)
        seconds = time.monotonic() - observed.began
        outcome = "failed" if observed.failure else "ok"
        _stage_seconds.record(seconds, labels | {"outcome": outcome})
        messaging.processed(topic, stage, seconds, observed.failure)


def waited(stage: str, published_ms: int) -> None:
    """Say that a record which was published then is begun with now."""
    # Clocks of machines differ: a record from the future has not waited.
    _queue_seconds.record(max(0.0, time.time() - published_ms / 1_000), {"stage": stage})


def failed(error: BaseException) -> None:
    """Say that the record in hand came to nothing."""
    observed = _current.get()
    if observed is not None:
        observed.failure = code_of(error)
    trace.get_current_span().set_status(trace.StatusCode.ERROR, code_of(error))


def is_about(job_id: UUID, batch_id: UUID | None) -> None:
    """Say which job the span in hand is about: a span may name it, a metric must not."""
    span = trace.get_current_span()
    span.set_attribute("bolt.job.id", str(job_id))
    if batch_id is not None:
        span.set_attribute("bolt.batch.id", str(batch_id))


def retried(error: BaseException) -> None:
    """Count a try that will be repeated."""
    _retries.add(1, {"reason": code_of(error)})


def put_aside(topic: str, error: BaseException) -> None:
    """Count a record that went to the dead letters."""
    _dead_letters.add(1, {"topic": topic, "reason": code_of(error)})


def artefact(kind: str, *, fresh: bool) -> None:
    """Count a result that was asked for."""
    _artefacts.add(1, {"kind": kind, "result": "made" if fresh else "found"})


def begin(stage: str, topic: str, window: int) -> None:
    """Say what a stage may hold at once, and begin its counters.

    One that starts with its first event has no growth that an alert could see.
    """
    _window.set(window, stage)
    _in_flight.add(0, {"stage": stage})
    begin_reader((topic,))
    for error in (TransientError, RateLimitedError, UnavailableError):
        _retries.add(0, {"reason": error.code})


def begin_reader(topics: Iterable[str]) -> None:
    """Begin the counters of who reads `topics`."""
    for topic in topics:
        for reason in ("bug", *(error.code for error in _FINAL)):
            _dead_letters.add(0, {"topic": topic, "reason": reason})


def code_of(error: BaseException) -> str:
    """Return the code of a failure; what is none of ours is a bug."""
    return error.code if isinstance(error, PipelineError) else "bug"
