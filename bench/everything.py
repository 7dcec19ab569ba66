"""Everything that has a target, one after another, in one table: what `make bench` runs."""

import argparse
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.figures import Line, lines
from bench.picture import draw
from bench.sampling import now

OUTPUT = Path("bench-output")
# The design that ours is compared with runs right before it.
STEPS: dict[str, Sequence[str]] = {
    "starting": (),
    "peer": ("--jobs", "2000"),
    "ceiling": (),
    "orchestration": ("--jobs", "1000"),
    # What is missed is said by the table.
    "fairness": ("--limit", "1000"),
    "fold": ("--events", "200000"),
    "acceptance": (),
    "watchers": (),
    "finishing": (),
    "makespan": (),
    "scale": (),
}
# Together they stay under twenty minutes.
STEP_SECONDS = 600


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=10_000, help="of `scale` (10000)")
    parser.add_argument("--only", nargs="*", choices=list(STEPS), help="measure these alone")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run each measurement in a process of its own; what fails leaves a gap."""
    began = now()
    steps = STEPS | {"scale": ("--jobs", str(asked.jobs))}
    found = {
        name: result
        for name in asked.only or STEPS
        if (result := _one(name, steps[name], asked.jobs)) is not None
    }
    came_out = lines(found)
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "figures.svg").write_text(draw(came_out))
    return {
        "seconds": now() - began,
        "figures": [asdict(line) for line in came_out],
        "measurements": found,
    }


def show(result: dict[str, Any]) -> None:
    """Print the table."""
    table = Table("figure", "ours", "beside it", "target", "", "what bounds it")
    for each in result["figures"]:
        line = Line(**each)
        table.add_row(
            line.name,
            _said(line.ours, line.unit),
            _said(line.beside, line.unit),
            _said(line.target, line.unit),
            {True: "met", False: "missed", None: "-"}[line.met],
            line.because,
        )
    console = Console()
    console.print(table)
    console.print(f"{result['seconds'] / 60:.1f} minutes; {OUTPUT}/everything.json, figures.svg")


def _said(value: float | None, unit: str) -> str:
    return "" if value is None else f"{value:,.4g} {unit}"


def _one(name: str, arguments: Sequence[str], jobs: int) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "bench", name, *arguments]
    # A hundred thousand jobs take their time.
    patience = STEP_SECONDS * max(1.0, jobs / 10_000 if name == "scale" else 1.0)
    with subprocess.Popen(command) as process:  # noqa: S603 - our own module
        try:
            status = process.wait(patience)
        except subprocess.TimeoutExpired:
            # As Ctrl-C does, so that it takes its servers down.
            process.send_signal(signal.SIGINT)
            status = process.wait()
    if status != 0:
        Console(stderr=True).print(f"{name} is not measured: it ended with {status}")
        return None
    result: dict[str, Any] = json.loads((OUTPUT / f"{name}.json").read_text())
    return result
