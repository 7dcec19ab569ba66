"""How soon things are there from nothing: the stack, one service, the command line."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console

from bench.sampling import now
from deploy.local.stack import Stack

TIMES = 5


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--times", type=int, default=TIMES, help="the best of so many (5)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Start everything, then one service more, then `bolt --help`."""
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder:
        began = now()
        with Stack(Path(folder), forget=True) as stack:
            everything = now() - began
            began = now()
            stack.start_service("narrator-2")
            service = now() - began
    helps = [_help() for _ in range(asked.times)]
    return {
        "stack_seconds": everything,
        "service_seconds": service,
        "help_seconds": min(seconds for seconds, _ in helps),
        "help_cpu_seconds": min(cpu for _, cpu in helps),
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    Console().print(
        f"stack {result['stack_seconds']:.1f} s, service {result['service_seconds']:.1f} s, "
        f"bolt --help {result['help_seconds']:.2f} s ({result['help_cpu_seconds']:.2f} s of "
        "processor)"
    )


def _help() -> tuple[float, float]:
    command = [str(Path(sys.executable).with_name("bolt")), "--help"]
    before, began = psutil.Process().cpu_times(), now()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    took, after = now() - began, psutil.Process().cpu_times()
    cpu = after.children_user + after.children_system
    return took, cpu - before.children_user - before.children_system
