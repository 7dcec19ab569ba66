"""The gateway: who watches, and what it had to say twice."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.telemetry.declared import Metric, counter, updown

_GATEWAY = ("gateway",)

_connections = updown(
    Metric(
        "bolt.ws.connections",
        "updown",
        "{connection}",
        "WebSockets that are open.",
        services=_GATEWAY,
    )
)
_resumes = counter(
    Metric(
        "bolt.ws.resumes",
        "counter",
        "{connection}",
        "WebSockets that came back with the last `seq` they had seen.",
        services=_GATEWAY,
    )
)
_closed = counter(
    Metric(
        "bolt.ws.closed",
        "counter",
        "{connection}",
        "WebSockets that the gateway closed, by their code; 1000 is a batch that ended.",
        ("code",),
        services=_GATEWAY,
    )
)
_republished = counter(
    Metric(
        "bolt.outbox.republished",
        "counter",
        "{batch}",
        "Accepted batches that a process left behind and another published.",
        services=_GATEWAY,
    )
)


@contextmanager
def watching(*, resumed: bool) -> Iterator[None]:
    """Count the connection that is served here."""
    _connections.add(1)
    _resumes.add(int(resumed))
    try:
        yield
    finally:
        _connections.add(-1)


def closed(code: int) -> None:
    """Count a connection that the gateway closed."""
    _closed.add(1, {"code": str(code)})


def republished(batches: int) -> None:
    """Count accepted batches that had to be published again; zero says that somebody looks."""
    _republished.add(batches)
