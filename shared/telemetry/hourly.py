"""Calls of providers by the hour, kept in this process until they are added to everybody's.

Metrics answer what one process does now; this answers, from one place and without a metrics
server, what all of them did in the last weeks. The runtime adds it up in Redis.
"""

import time
from collections import Counter

# Upper bounds of the buckets that latency is counted in, in seconds.
BOUNDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0)
HOUR_SECONDS = 3_600

# By hour and field: how often. A field is provider, model, outcome, and what is counted.
Counts = Counter[tuple[int, str]]

_counts: Counts = Counter()


def called(provider: str, model: str, outcome: str, seconds: float) -> None:
    """Count one call."""
    hour = int(time.time()) // HOUR_SECONDS
    name = f"{provider}|{model}|{outcome}"
    bucket = next((str(bound) for bound in BOUNDS if seconds <= bound), "inf")
    _counts[hour, f"{name}|calls"] += 1
    _counts[hour, f"{name}|ms"] += round(seconds * 1_000)
    _counts[hour, f"{name}|{bucket}"] += 1


def take() -> Counts:
    """Return what was counted since the last time, and begin anew."""
    taken = Counts(_counts)
    _counts.clear()
    return taken


def give_back(counts: Counts) -> None:
    """Keep what could not be added up for the next time."""
    _counts.update(counts)
