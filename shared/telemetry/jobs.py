"""Jobs and batches: what users feel, and what it costs. Counted where it is folded, so once."""

from opentelemetry.context import Context

from shared.telemetry.declared import HOURS, Metric, counter, histogram, readings

_AGGREGATOR = ("aggregator",)

_job_seconds = histogram(
    Metric(
        "bolt.job.duration",
        "histogram",
        "s",
        "From a job's release to its end; what it waited before is in `bolt.batch.duration`.",
        ("outcome",),
        HOURS,
        _AGGREGATOR,
    )
)
_ended = counter(
    Metric(
        "bolt.jobs.ended",
        "counter",
        "{job}",
        "Jobs that ended, by language.",
        ("outcome", "language"),
        services=_AGGREGATOR,
    )
)
_batch_seconds = histogram(
    Metric(
        "bolt.batch.duration",
        "histogram",
        "s",
        "From a batch's acceptance to its end.",
        ("outcome",),
        HOURS,
        _AGGREGATOR,
    )
)
_cost = counter(
    Metric(
        "bolt.cost",
        "counter",
        "USD",
        "What providers charge for what was made, at list price.",
        ("provider", "model", "stage"),
        services=_AGGREGATOR,
    )
)
_open = readings(
    Metric(
        "bolt.jobs.open",
        "gauge",
        "{job}",
        "Jobs of batches that have not ended, by state. Every replica says the same.",
        ("state",),
        services=_AGGREGATOR,
    )
)
_oldest_seconds = readings(
    Metric(
        "bolt.batch.oldest",
        "gauge",
        "s",
        "How long ago the batch began that has waited longest of those that may run.",
        services=_AGGREGATOR,
    )
)


def begin() -> None:
    """Begin the counters that an alert compares."""
    for outcome in ("completed", "failed"):
        _ended.add(0, {"outcome": outcome, "language": "other"})


def ended(outcome: str, language: str, seconds: float, where: Context | None = None) -> None:
    """Say that a job ended.

    Args:
        outcome: Its last state.
        language: One of the catalogue's; "other" where it is none.
        seconds: Since it was released.
        where: Its trace.
    """
    _job_seconds.record(max(0.0, seconds), {"outcome": outcome}, where)
    _ended.add(1, {"outcome": outcome, "language": language})


def batch_ended(outcome: str, seconds: float) -> None:
    """Say that a batch ended."""
    _batch_seconds.record(max(0.0, seconds), {"outcome": outcome})


def spent(provider: str, model: str, stage: str, dollars: float) -> None:
    """Add to what was spent. Zero too: a provider that costs nothing is seen to."""
    _cost.add(dollars, {"provider": provider, "model": model, "stage": stage})


def standing(states: dict[str, int], oldest_seconds: float) -> None:
    """Say how many jobs are in each state, and how long the oldest batch has taken."""
    for state, count in states.items():
        _open.set(count, state)
    _oldest_seconds.set(oldest_seconds)
