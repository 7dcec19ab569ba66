"""How long three jobs take alone, and beside another user's thousands: by the API and by Kafka."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaProducer
from rich.console import Console
from rich.table import Table

from bench.chaos.emulated import emulators, environment
from bench.chaos.load import LANGUAGES, Load, request
from bench.emulators.behaviour import Behaviour, Latency
from cli.client import Client
from deploy.local.stack import Stack

LIMIT = 2.0
LATENCIES = (
    Latency(operation="generate", median=0.4, sigma=0.2),
    Latency(operation="synthesize", median=0.3, sigma=0.2),
)
SMALL = 3
# What the crowd is given before the small batch comes: it is met in its burst, then later.
HEAD_START_SECONDS = 1.0

Crowding = Callable[[Stack, int], Awaitable[None]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=2_000, help="of the other user (2000)")
    parser.add_argument("--rounds", type=int, default=3, help="small batches, one by one (3)")
    parser.add_argument("--calls", type=int, default=20, help="of a provider at once (20)")
    parser.add_argument("--minutes", type=float, default=10, help="give up after so long (10)")
    parser.add_argument("--limit", type=float, default=LIMIT, help="fail at so many times (2)")
    parser.add_argument("--crowds", nargs="*", default=[*CROWDS], choices=[*CROWDS])


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run small batches in a stack of their own for every crowd; return what they took."""
    crowds: dict[str, Crowding] = {name: CROWDS[name] for name in asked.crowds}
    times = {name: _times(asked, crowd) for name, crowd in {"alone": _nobody, **crowds}.items()}
    # The first one alone also pays for what is loaded once.
    alone = min(times.pop("alone"))
    ratios = {name: [took / alone for took in seconds] for name, seconds in times.items()}
    return {
        "jobs": asked.jobs,
        "alone": alone,
        "beside": times,
        "ratios": ratios,
        "limit": asked.limit,
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures.

    Raises:
        SystemExit: Somebody waited for the crowd.
    """
    console = Console()
    table = Table(f"beside {result['jobs']} jobs by", "seconds", "times alone")
    for name, seconds in result["beside"].items():
        ratios = result["ratios"][name]
        table.add_row(name, *(_listed(each) for each in (seconds, ratios)))
    console.print(table)
    console.print(f"alone: {result['alone']:.1f} s")
    if max(map(max, result["ratios"].values()), default=0.0) >= result["limit"]:
        raise SystemExit(f"not fair: {result['limit']:g} times as long or more")


def _listed(numbers: list[float]) -> str:
    return ", ".join(f"{number:.1f}" for number in numbers)


def _times(asked: argparse.Namespace, crowd: Crowding) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="bolt-fairness-") as folder:
        home = Path(folder)
        with emulators(Behaviour(latency=LATENCIES), home) as addresses:
            quota = {"*": {"rpm": 0, "tpm": 0, "rpd": 0, "concurrency": asked.calls}}
            env = environment(addresses) | {"QUOTA_LIMITS": json.dumps(quota)}
            with Stack(home / "stack", env=env, forget=True) as stack:
                return asyncio.run(_run(stack, asked, crowd))


async def _run(stack: Stack, asked: argparse.Namespace, crowd: Crowding) -> list[float]:
    load = Load(stack.service_url("gateway"))
    async with asyncio.timeout(asked.minutes * 60):
        # Every process has done everything once: loading is not waiting.
        await load.batch("primeiro", SMALL)
        await crowd(stack, asked.jobs)
        return [
            (await load.batch(f"pequeno {number}", SMALL)).seconds for number in range(asked.rounds)
        ]


async def _nobody(_stack: Stack, _jobs: int) -> None:
    """Stay away."""


async def _by_api(stack: Stack, jobs: int) -> None:
    async with _stranger(stack) as bolt:
        await bolt.create_batch(request("grande", jobs))
    await asyncio.sleep(HEAD_START_SECONDS)


async def _by_kafka(stack: Stack, jobs: int) -> None:
    user = str(uuid4())
    async with AIOKafkaProducer(bootstrap_servers=stack.endpoints.kafka) as producer:
        for number in range(jobs):
            language = LANGUAGES[number % len(LANGUAGES)]
            record = {
                "user_id": user,
                "title": f"torrente: história número {number}",
                "language": language,
                "voice": f"{language}-Chirp3-HD-Kore",
                "options": {"target_characters": 300},
            }
            await producer.send("jobs.requested", json.dumps(record).encode())
    await asyncio.sleep(HEAD_START_SECONDS)


@asynccontextmanager
async def _stranger(stack: Stack) -> AsyncIterator[Client]:
    async with Client(stack.service_url("gateway")) as bolt:
        email, password = f"bench-{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        yield bolt


CROWDS: dict[str, Crowding] = {"API": _by_api, "Kafka": _by_kafka}
