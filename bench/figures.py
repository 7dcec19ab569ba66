"""The figures that `make bench` puts into one table, out of what each measurement returned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Found = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table.

    Attributes:
        needs: The measurements it is made of; without one of them it is not measured.
        ours: What was measured.
        beside: What it is to be compared with, where that is measured too.
        target: The bound it has to keep, in its own unit; None where it has none.
        more: Whether more is better.
        because: What keeps it from being better.
    """

    name: str
    unit: str
    needs: tuple[str, ...]
    ours: Callable[[Found], float]
    target: Callable[[Found], float] | None = None
    beside: Callable[[Found], float] | None = None
    more: bool = False
    because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure as it came out; None where it was not measured."""

    name: str
    unit: str
    ours: float | None
    beside: float | None
    target: float | None
    met: bool | None
    because: str


def fixed(value: float) -> Callable[[Found], float]:
    """Return a target that depends on nothing measured."""
    return lambda _found: value


def _costliest(found: Found, key: Callable[[Mapping[str, Any]], float]) -> float:
    rows = found["finishing"]["finishing"]
    return max(key(row) for row in rows if row["format"] == "mp3")


def _growth(scale: Mapping[str, Any]) -> float:
    """Return by how much the service that grew most grew."""
    small, large = (scale[which]["processes"] for which in ("small", "large"))
    services = small.keys() - {"kafka", "postgres", "valkey"}
    return max(float(large[each]["most_bytes"] / small[each]["most_bytes"]) for each in services)


FIGURES = (
    Figure(
        name="orchestration",
        unit="jobs/s",
        needs=("orchestration", "peer"),
        ours=lambda f: f["orchestration"]["jobs_per_second"],
        beside=lambda f: f["peer"]["jobs_per_second"],
        target=lambda f: 3 * f["peer"]["jobs_per_second"],
        more=True,
        because="ours makes sound: mastering and encoding of every job",
    ),
    Figure(
        name="orchestration, beside a bare aiokafka loop",
        unit="jobs/s",
        needs=("orchestration", "ceiling"),
        ours=lambda f: f["orchestration"]["jobs_per_second"],
        beside=lambda f: f["ceiling"]["jobs_per_second"],
        more=True,
        because="the same topics with nothing between them",
    ),
    Figure(
        name="100 titles x 20 languages, times the least possible",
        unit="x",
        needs=("makespan",),
        ours=lambda f: f["makespan"]["seconds"] / f["makespan"]["bound_seconds"],
        beside=lambda f: f["makespan"]["celery_seconds"] / f["makespan"]["bound_seconds"],
        target=fixed(1.05),
        because="the processor time of 2,000 jobs and of the emulated providers",
    ),
    Figure(
        name="jobs a second of a large batch, of a small one's",
        unit="x",
        needs=("scale",),
        ours=lambda f: f["scale"]["speed"],
        target=fixed(0.9),
        more=True,
    ),
    Figure(
        name="memory of a service in a large batch, of a small one's",
        unit="x",
        needs=("scale",),
        ours=lambda f: _growth(f["scale"]),
        target=fixed(1.1),
    ),
    Figure(
        name="the same batch again, times faster",
        unit="x",
        needs=("orchestration",),
        ours=lambda f: f["orchestration"]["seconds"] / f["orchestration"]["again_seconds"],
        target=fixed(50),
        more=True,
        because="every job still crosses four topics",
    ),
    Figure(
        name="the same batch again, provider calls",
        unit="calls",
        needs=("orchestration",),
        ours=lambda f: f["orchestration"]["again_provider_calls"],
        target=fixed(0),
    ),
    Figure(
        name="fold, live",
        unit="events/s",
        needs=("fold",),
        ours=lambda f: f["fold"]["events"] / f["fold"]["live_seconds"],
        target=fixed(20_000),
        more=True,
        because="one Python process decodes and decides; PostgreSQL answers in between",
    ),
    Figure(
        name="fold, rebuild",
        unit="events/s",
        needs=("fold",),
        ours=lambda f: f["fold"]["events"] / f["fold"]["rebuild_seconds"],
        target=fixed(20_000),
        more=True,
        because="as above",
    ),
    Figure(
        name="audio finishing, times encoding its MP3 alone",
        unit="x",
        needs=("finishing",),
        ours=lambda f: _costliest(f, lambda row: row["seconds"] / row["alone"]),
        target=fixed(1.3),
        because="the encoder itself",
    ),
    Figure(
        name="audio finishing, times real time",
        unit="x",
        needs=("finishing",),
        ours=lambda f: f["finishing"]["audio_seconds"] / _costliest(f, lambda row: row["seconds"]),
        target=fixed(300),
        more=True,
        because="the encoder itself",
    ),
    Figure(
        name="2,000 watchers, 99th percentile",
        unit="ms",
        needs=("watchers",),
        ours=lambda f: f["watchers"]["p99_ms"],
        target=fixed(250),
        because="the watchers share the processor with the gateway",
    ),
    Figure(
        name="accepting 10,000 jobs",
        unit="s",
        needs=("acceptance",),
        ours=lambda f: f["acceptance"]["accepted_in"],
        target=fixed(2),
    ),
    Figure(
        name="listing page 400 of them",
        unit="ms",
        needs=("acceptance",),
        ours=lambda f: f["acceptance"]["page_ms"],
        target=fixed(50),
    ),
    Figure(
        name="3 jobs beside 2,000, times alone: the worst",
        unit="x",
        needs=("fairness",),
        ours=lambda f: max(map(max, f["fairness"]["ratios"].values())),
        target=fixed(2),
        because="every hop waits for one of two processors",
    ),
    Figure(
        name="start of the stack",
        unit="s",
        needs=("starting",),
        ours=lambda f: f["starting"]["stack_seconds"],
        target=fixed(20),
    ),
    Figure(
        name="start of a service",
        unit="s",
        needs=("starting",),
        ours=lambda f: f["starting"]["service_seconds"],
        target=fixed(3),
        because="importing what it is made of",
    ),
    Figure(
        name="bolt --help",
        unit="s",
        needs=("starting",),
        ours=lambda f: f["starting"]["help_seconds"],
        target=fixed(0.3),
    ),
)


def lines(found: Found) -> list[Line]:
    """Return every figure as it came out of `found`."""
    return [_line(figure, found) for figure in FIGURES]


def _line(figure: Figure, found: Found) -> Line:
    words = {"name": figure.name, "unit": figure.unit, "because": figure.because}
    if not set(figure.needs) <= found.keys():
        return Line(**words, ours=None, beside=None, target=None, met=None)
    ours = figure.ours(found)
    target = figure.target(found) if figure.target else None
    met = None if target is None else ours >= target if figure.more else ours <= target
    beside = figure.beside(found) if figure.beside else None
    return Line(**words, ours=ours, beside=beside, target=target, met=met)
