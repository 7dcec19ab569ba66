"""Whether five or fifty times as many jobs are as fast each, and take no more memory.

Every job crosses every stage, in batches of 200 that tell the same titles, told before: what
grows with the number of jobs is the pipeline's work, not the encoder's. With `--anew` it is one
batch, and every title of it is told anew.
"""

import argparse
import asyncio
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.batches import LANGUAGES, matrix, run, somebody
from bench.sampling import Sampler, now
from bench.stacks import quiet_stack
from cli.client import Client
from deploy.local.stack import Stack

MEGABYTE = 1_000_000
SMALL = 2_000
# What batches tell over and over: so many titles.
COMMON = matrix("Conhecido", 20)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--small", type=int, default=SMALL, help=f"jobs at first ({SMALL})")
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs then (10000)")
    parser.add_argument("--anew", action="store_true", help="tell every title anew")
    parser.add_argument("--minutes", type=float, default=180, help="give up after so long (180)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run few jobs, then many, in one stack."""
    most = str(max(asked.jobs, asked.small))
    with quiet_stack(LLM="offline", MAX_JOBS_PER_BATCH=most) as stack:
        small, large = asyncio.run(_measure(stack, asked))
    return {
        "small": small,
        "large": large,
        "speed": large["jobs_per_second"] / small["jobs_per_second"],
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    small, large = result["small"], result["large"]
    console = Console()
    table = Table(
        "process",
        *(f"{what}, {each['jobs']} jobs" for each in (small, large) for what in ("most", "CPU ms")),
    )
    for name in small["processes"]:
        cells = []
        for each in (small, large):
            used = each["processes"][name]
            cells.append(f"{used['most_bytes'] / MEGABYTE:.1f} MB")
            cells.append(f"{1_000 * used['cpu_seconds'] / each['jobs']:.2f}")
        table.add_row(name, *cells)
    console.print(table)
    console.print(
        f"{small['jobs_per_second']:.1f} jobs a second, then {large['jobs_per_second']:.1f}: "
        f"{result['speed']:.2f} times"
    )


async def _measure(stack: Stack, asked: argparse.Namespace) -> tuple[dict[str, Any], ...]:
    async with (
        somebody(stack.service_url("gateway")) as bolt,
        asyncio.timeout(asked.minutes * 60),
    ):
        # What is loaded with the first job of a process is no part of either.
        await run(bolt, COMMON)
        found = []
        for name, jobs in (("Poucos", asked.small), ("Muitos", asked.jobs)):
            with Sampler(stack.pids()) as sampler:
                ran = await _ran(bolt, _batches(name, jobs, anew=asked.anew))
            used = {name: asdict(each) for name, each in sampler.used.items()}
            found.append(ran | {"processes": used})
        return tuple(found)


def _batches(name: str, jobs: int, *, anew: bool) -> list[dict[str, Any]]:
    if anew:
        return [matrix(name, math.ceil(jobs / len(LANGUAGES)))]
    return [COMMON] * math.ceil(jobs / (len(COMMON["titles"]) * len(LANGUAGES)))


async def _ran(bolt: Client, batches: Sequence[dict[str, Any]]) -> dict[str, Any]:
    began = now()
    ran = await asyncio.gather(*(run(bolt, batch) for batch in batches))
    seconds, completed = now() - began, sum(each.counts["completed"] for each in ran)
    return {
        "jobs": sum(each.counts["total"] for each in ran),
        "completed": completed,
        "seconds": seconds,
        "jobs_per_second": completed / seconds,
    }
