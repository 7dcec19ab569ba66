"""How a metric is declared, so that code, documents, dashboards and alerts agree on it."""

from dataclasses import dataclass
from typing import Literal

from opentelemetry import metrics
from opentelemetry.metrics import Counter, Histogram, UpDownCounter

Kind = Literal["counter", "updown", "gauge", "histogram"]

# Seconds. From a Kafka acknowledgement to an hour of narration.
SHORT = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0)
HOURS = (1.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 21600.0, 86400.0)
# The conventions' own bounds for calls of generative models, and for their tokens.
GEN_AI = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
TOKENS = (16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0, 262144.0, 1048576.0)


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as it is declared.

    Attributes:
        name: OpenTelemetry's, with dots.
        kind: What is done with its values.
        unit: UCUM; in braces where it only counts things.
        about: What question it answers.
        labels: Every label it may bear. Each has few values, known beforehand: an id of a
            batch, a job or a user is never one.
        buckets: Upper bounds, of a histogram.
        services: Who records it.
    """

    name: str
    kind: Kind
    unit: str
    about: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def prometheus(self) -> str:
        """Return what Prometheus calls it: that of a histogram's family, of a counter's total."""
        return prometheus_name(self.name, self.unit, counter=self.kind == "counter")


DECLARED: dict[str, Metric] = {}
UNITS = {"s": "seconds", "By": "bytes", "1": "ratio"}

STAGES = ("scripter", "adapter", "narrator")
CONSUMERS = (*STAGES, "aggregator", "gateway")
EVERYONE = CONSUMERS

_meter = metrics.get_meter("bolt")


def prometheus_name(name: str, unit: str, *, counter: bool) -> str:
    """Return `name` as the specification translates it for Prometheus."""
    parts = [name.replace(".", "_").replace("-", "_")]
    plain = unit.partition("{")[0].strip("/")
    if plain and not parts[0].endswith(suffix := UNITS.get(plain, plain)):
        parts.append(suffix)
    if counter:
        parts.append("total")
    return "_".join(parts)


def counter(metric: Metric) -> Counter:
    """Declare `metric` and return what adds to it."""
    DECLARED[metric.name] = metric
    return _meter.create_counter(metric.name, metric.unit, metric.about)


def updown(metric: Metric) -> UpDownCounter:
    """Declare `metric` and return what moves it."""
    DECLARED[metric.name] = metric
    return _meter.create_up_down_counter(metric.name, metric.unit, metric.about)


def histogram(metric: Metric) -> Histogram:
    """Declare `metric` and return what records into it."""
    DECLARED[metric.name] = metric
    return _meter.create_histogram(
        metric.name,
        metric.unit,
        metric.about,
        explicit_bucket_boundaries_advisory=list(metric.buckets),
    )


def readings(metric: Metric) -> "Readings":
    """Declare `metric` and return where its newest values are put."""
    DECLARED[metric.name] = metric
    return Readings(metric)


class Readings:
    """The newest value for each set of labels, read whenever somebody looks."""

    def __init__(self, metric: Metric) -> None:
        self._names = metric.labels
        self._values: dict[tuple[str, ...], float] = {}
        create = (
            _meter.create_observable_counter
            if metric.kind == "counter"
            else _meter.create_observable_gauge
        )
        create(metric.name, [self._read], metric.unit, metric.about)

    def set(self, value: float, *labels: str) -> None:
        """Say what it is now; `labels` in the order of their declaration."""
        self._values[labels] = value

    def clear(self) -> None:
        """Forget every value: nobody knows what it is now."""
        self._values.clear()

    def _read(self, _: metrics.CallbackOptions) -> list[metrics.Observation]:
        return [
            metrics.Observation(value, dict(zip(self._names, labels, strict=True)))
            for labels, value in self._values.copy().items()
        ]
