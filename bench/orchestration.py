"""Jobs a second through all stages with instant providers: what the pipeline itself costs."""

import argparse
import asyncio
import math
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from bench.sampling import Sampler, now
from cli.client import Client
from deploy.local.stack import Stack

# `tone` speaks these at once; `offline` writes at once.
LANGUAGES = (
    "pt-BR", "en-US", "es-ES", "fr-FR", "de-DE", "it-IT", "ja-JP", "hi-IN", "ar-XA", "cmn-CN",
)  # fmt: skip
MEGABYTE = 1_000_000
ENVIRONMENT = {"LLM": "offline", "LOG_LEVEL": "WARNING"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=2_000, help="how many (default 2000)")
    parser.add_argument("--minutes", type=float, default=10, help="give up after so long")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run a batch in a stack of its own; return what it took."""
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder:
        with Stack(Path(folder), env=ENVIRONMENT, forget=True) as stack, Sampler(stack.pids()) as s:
            result = asyncio.run(_batch(stack.service_url("gateway"), asked.jobs, asked.minutes))
        return result | {"processes": {name: asdict(used) for name, used in s.used.items()}}


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


async def _batch(url: str, jobs: int, minutes: float) -> dict[str, Any]:
    titles = math.ceil(jobs / len(LANGUAGES))
    batch = {
        "mode": "matrix",
        "titles": [f"Título número {number}" for number in range(titles)],
        "targets": [{"language": code, "voice": f"tone:{code}"} for code in LANGUAGES],
        "agent": {"language": "pt-BR"},
        "options": {"target_characters": 100},
    }
    async with Client(url) as bolt:
        email, password = f"bench-{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        began = now()
        accepted = await bolt.create_batch(batch)
        accepted_in = now() - began
        async with asyncio.timeout(minutes * 60):
            counts = await _last(bolt, accepted["batch_id"])
    seconds = now() - began
    return {
        "jobs": counts["total"],
        "completed": counts["completed"],
        "failed": counts["failed"],
        "seconds": seconds,
        "jobs_per_second": counts["completed"] / seconds,
        "accepted_in": accepted_in,
    }


async def _last(bolt: Client, batch_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    async for message in bolt.watch(batch_id):
        counts = message.get("batch", message)["counts"]
    return counts
