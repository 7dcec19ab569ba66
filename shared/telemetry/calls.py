"""Calls of providers: how many, how long, what they cost in quota."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from opentelemetry import trace

from shared.telemetry import hourly
from shared.telemetry.declared import (
    GEN_AI,
    SHORT,
    STAGES,
    TOKENS,
    Metric,
    counter,
    histogram,
    readings,
    updown,
)

CALL = ("provider", "model")
OPERATION, PROVIDER, MODEL = "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model"
# As the conventions name those that they know.
NAMES = {"gemini": "gcp.gemini", "google": "gcp.tts", "gtts": "gcp.translate"}

_requests = counter(
    Metric(
        "bolt.provider.requests",
        "counter",
        "{call}",
        "Calls of providers; the outcome is ok, or the reason of the failure.",
        (*CALL, "outcome"),
        services=STAGES,
    )
)
_seconds = histogram(
    Metric(
        "gen_ai.client.operation.duration",
        "histogram",
        "s",
        "How long a provider takes to answer one call.",
        (OPERATION, PROVIDER, MODEL, "error.type"),
        GEN_AI,
        STAGES,
    )
)
_tokens = histogram(
    Metric(
        "gen_ai.client.token.usage",
        "histogram",
        "{token}",
        "Tokens of one answer, as the provider counts them.",
        (OPERATION, PROVIDER, MODEL, "gen_ai.token.type"),
        TOKENS,
        STAGES,
    )
)
_wait_seconds = histogram(
    Metric(
        "bolt.provider.quota.wait",
        "histogram",
        "s",
        "How long a call waited for its turn, for a quota and for a circuit.",
        (*CALL, "outcome"),
        (*SHORT, 60.0),
        STAGES,
    )
)
_remaining = readings(
    Metric(
        "bolt.provider.quota.remaining",
        "gauge",
        "{call}",
        "Calls left today of a project whose quota is counted by the day; not of users' own keys.",
        (*CALL, "project"),
        services=STAGES,
    )
)
_open = updown(
    Metric(
        "bolt.provider.concurrency",
        "updown",
        "{call}",
        "Calls of providers that are open.",
        CALL,
        services=STAGES,
    )
)
_circuits = counter(
    Metric(
        "bolt.provider.circuit.opened",
        "counter",
        "{circuit}",
        "Circuits that shut a provider, model, project, domain or key out for a while.",
        ("provider", "circuit", "reason"),
        services=STAGES,
    )
)
_characters = counter(
    Metric(
        "bolt.tts.characters",
        "counter",
        "{character}",
        "Characters spoken by providers.",
        CALL,
        services=("narrator",),
    )
)
_audio_seconds = counter(
    Metric(
        "bolt.audio.duration",
        "counter",
        "s",
        "Speech that providers made.",
        CALL,
        services=("narrator",),
    )
)


# What a provider refuses for good, by what it refuses.
_REFUSALS = {
    "key": ("key_invalid", "key_leaked", "key_restricted", "permission_denied"),
    "project": ("prepay_depleted", "region_or_billing", "service_disabled", "spend"),
    "domain": ("quota_day",),
}


@dataclass(slots=True)
class Operation:
    """Something asked of a provider: one call, or several where keys or models fail.

    Attributes:
        name: As the conventions name it.
        calls: How many were made.
    """

    name: str
    provider: str
    model: str
    calls: int = 0

    @property
    def labels(self) -> dict[str, str]:
        """Return what the conventions ask for."""
        provider = NAMES.get(self.provider, self.provider)
        return {OPERATION: self.name, PROVIDER: provider, MODEL: self.model}


_current: ContextVar[Operation | None] = ContextVar("operation", default=None)


@contextmanager
def operation(name: str, provider: str, model: str) -> Iterator[Operation]:
    """Measure what is done here: a provider's client, until it answers or gives up.

    A client that leases its keys tells of each call itself; of another this is the call.
    """
    begun = Operation(name, provider, model)
    token = _current.set(begun)
    began, outcome = time.monotonic(), "ok"
    _open.add(1, _of(begun))
    try:
        yield begun
    except Exception as error:
        outcome = getattr(error, "code", "bug")
        raise
    finally:
        _open.add(-1, _of(begun))
        _current.reset(token)
        if not begun.calls:
            called(provider, model, time.monotonic() - began, outcome, begun)


def called(
    provider: str, model: str, seconds: float, outcome: str, of: Operation | None = None
) -> None:
    """Count one call and how long it took.

    Args:
        provider: Who was called.
        model: What it was asked for.
        seconds: How long it took.
        outcome: "ok", or the reason of the failure.
        of: The operation it belongs to; the one that is under way unless given.
    """
    of = of or _current.get() or Operation("call", provider, model)
    of.calls += 1
    hourly.called(provider, model, outcome, seconds)
    _requests.add(1, {"provider": provider, "model": model, "outcome": outcome})
    labels = Operation(of.name, provider, model).labels
    _seconds.record(seconds, labels | ({} if outcome == "ok" else {"error.type": outcome}))
    trace.get_current_span().add_event("call", {"model": model, "outcome": outcome})


@contextmanager
def waiting(provider: str, model: str) -> Iterator[None]:
    """Measure what is done here: a call that waits for a quota."""
    began, outcome = time.monotonic(), "ok"
    try:
        yield
    except Exception as error:
        outcome = getattr(error, "code", "bug")
        raise
    finally:
        labels = {"provider": provider, "model": model, "outcome": outcome}
        _wait_seconds.record(time.monotonic() - began, labels)


def tokens(of: Operation, *, read: int, written: int) -> None:
    """Say how many tokens an answer took."""
    for kind, count in (("input", read), ("output", written)):
        if count:
            _tokens.record(count, of.labels | {"gen_ai.token.type": kind})


def spoken(provider: str, model: str, *, characters: int, seconds: float) -> None:
    """Say how much was spoken."""
    labels = {"provider": provider, "model": model}
    _characters.add(characters, labels)
    _audio_seconds.add(seconds, labels)


def begin(provider: str) -> None:
    """Begin the counters of what a person has to act on: an alert sees their first step."""
    for circuit, reasons in _REFUSALS.items():
        for reason in reasons:
            _circuits.add(0, {"provider": provider, "circuit": circuit, "reason": reason})


def shut(provider: str, circuit: str, reason: str) -> None:
    """Count a circuit that opened."""
    _circuits.add(1, {"provider": provider, "circuit": circuit, "reason": reason})


def left_today(provider: str, model: str, project: str, calls: int) -> None:
    """Say how many calls a project may still make today."""
    _remaining.set(calls, provider, model, project)


def _of(begun: Operation) -> dict[str, str]:
    return {"provider": begun.provider, "model": begun.model}
