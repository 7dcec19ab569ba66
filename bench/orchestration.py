"""Jobs a second with instant providers; a small batch beside them; all of it again."""

import argparse
import asyncio
import math
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.batches import LANGUAGES, matrix, run, somebody
from bench.sampling import Sampler
from bench.stacks import quiet_stack
from deploy.local.stack import Stack

MEGABYTE = 1_000_000
# A small batch is asked for this long after the large one: its jobs are all in flight then.
BESIDE_AFTER_SECONDS = 3.0
SMALL = 3


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=2_000, help="how many (default 2000)")
    parser.add_argument("--minutes", type=float, default=10, help="give up after so long")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run a batch in a stack of its own; return what it took."""
    with quiet_stack(LLM="offline") as stack:
        return asyncio.run(_measure(stack, asked))


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    console = Console()
    table = Table("process", "memory first", "most", "last", "CPU s", "CPU ms a job")
    for name, used in result["processes"].items():
        memory = (used[key] / MEGABYTE for key in ("first_bytes", "most_bytes", "last_bytes"))
        cpu = used["cpu_seconds"]
        table.add_row(
            name,
            *(f"{size:.1f} MB" for size in memory),
            f"{cpu:.1f}",
            f"{1_000 * cpu / result['jobs']:.2f}",
        )
    console.print(table)
    console.print(
        f"{result['completed']} of {result['jobs']} jobs in {result['seconds']:.1f} s: "
        f"{result['jobs_per_second']:.1f} jobs a second; accepted in {result['accepted_in']:.2f} s"
    )
    console.print(
        f"{SMALL} jobs alone {result['alone_seconds']:.1f} s, beside them "
        f"{result['beside_seconds']:.1f} s; all of it again {result['again_seconds']:.1f} s, "
        f"{result['again_provider_calls']} provider calls"
    )


async def _measure(stack: Stack, asked: argparse.Namespace) -> dict[str, Any]:
    url = stack.service_url("gateway")
    async with somebody(url) as one, somebody(url) as other, asyncio.timeout(asked.minutes * 60):
        # What is loaded with the first job of a process is no part of the second.
        await run(other, matrix("Aquecimento", 1, SMALL))
        alone = await run(other, matrix("Sozinho", 1, SMALL))
        batch = matrix("Título", math.ceil(asked.jobs / len(LANGUAGES)))
        with Sampler(stack.pids()) as sampler:
            large = asyncio.create_task(run(one, batch))
            await asyncio.sleep(BESIDE_AFTER_SECONDS)
            beside = await run(other, matrix("Ao lado", 1, SMALL))
            ran = await large
        again = await run(one, batch)
    return {
        "jobs": ran.counts["total"],
        "completed": ran.counts["completed"],
        "failed": ran.counts["failed"],
        "seconds": ran.seconds,
        "jobs_per_second": ran.counts["completed"] / ran.seconds,
        "accepted_in": ran.accepted_in,
        "alone_seconds": alone.seconds,
        "beside_seconds": beside.seconds,
        "again_seconds": again.seconds,
        "again_provider_calls": again.provider_calls,
        "processes": {name: asdict(used) for name, used in sampler.used.items()},
    }
