"""Jobs a second of the design that the seeds describe: one Celery task per job."""

import argparse
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.peers import celery_peer

LANGUAGES = 10
WORKERS = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=2_000, help="how many (default 2000)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run a batch whose providers answer at once."""
    batch = celery_peer.Asked(titles=asked.jobs // LANGUAGES, languages=LANGUAGES, workers=WORKERS)
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder:
        return celery_peer.run(Path(folder), batch)


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    Console().print(
        f"Celery: {result['jobs']} jobs in {result['seconds']:.1f} s: "
        f"{result['jobs_per_second']:.1f} a second"
    )
