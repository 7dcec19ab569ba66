"""Jobs a second that four topics carry where nothing is done between them: bare aiokafka loops."""

import argparse
import asyncio
import itertools
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from rich.console import Console

from bench.sampling import Sampler, now
from deploy.local.stack import Stack
from shared.events import JobsRequested
from shared.runtime import create_topics
from shared.runtime.envelope import headers_of

# The stages' own topics, with their partitions: the same way, without the services.
TOPICS = ("jobs.requested", "script.generated", "script.adapted", "audio.ready")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--jobs", type=int, default=20_000, help="how many (default 20000)")
    parser.add_argument("--minutes", type=float, default=2, help="give up after so long (2)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Send jobs through three loops in processes of their own, with a Kafka of their own."""
    # That partitions have no leader yet is told as an error.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder, ExitStack() as open_until:
        stack = open_until.enter_context(
            Stack(Path(folder), servers=("kafka",), services=(), forget=True)
        )
        kafka = stack.endpoints.kafka
        asyncio.run(create_topics.create(create_topics.Settings(kafka_bootstrap_servers=kafka)))
        pids = {
            source: open_until.enter_context(_loop(kafka, source, target))
            for source, target in itertools.pairwise(TOPICS)
        }
        with Sampler(pids | stack.pids()) as sampler:
            seconds = asyncio.run(_time(kafka, asked))
    return {
        "jobs": asked.jobs,
        "seconds": seconds,
        "jobs_per_second": asked.jobs / seconds,
        "cpu_ms_a_job": {
            name: 1_000 * used.cpu_seconds / asked.jobs for name, used in sampler.used.items()
        },
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    cpu = ", ".join(f"{name} {ms:.2f}" for name, ms in result["cpu_ms_a_job"].items())
    Console().print(
        f"{result['jobs']} jobs through {len(TOPICS)} topics in {result['seconds']:.1f} s: "
        f"{result['jobs_per_second']:.0f} a second; CPU ms a job: {cpu}"
    )


async def _time(kafka: str, asked: argparse.Namespace) -> float:
    consumer = AIOKafkaConsumer(TOPICS[-1], bootstrap_servers=kafka, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True)
    async with consumer, producer, asyncio.timeout(asked.minutes * 60):
        # One goes first: joining the groups takes seconds, once.
        await _send(producer, 1)
        await _arrived(consumer, 1)
        began = now()
        await asyncio.gather(_send(producer, asked.jobs), _arrived(consumer, asked.jobs))
        return now() - began


async def _send(producer: AIOKafkaProducer, jobs: int) -> None:
    for number in range(jobs):
        event = JobsRequested(
            job_id=uuid4(),
            batch_id=uuid4(),
            user_id=uuid4(),
            title=f"Título {number}",
            language="pt-BR",
            voice="tone:pt-BR",
        )
        headers = [(name, text.encode()) for name, text in headers_of(event, "bench").items()]
        body = event.model_dump_json(exclude_none=True).encode()
        await producer.send(event.topic.name, body, key=event.key, headers=headers)
    await producer.flush()


async def _arrived(consumer: AIOKafkaConsumer, jobs: int) -> None:
    while jobs > 0:
        found = await consumer.getmany(timeout_ms=1_000)
        jobs -= sum(map(len, found.values()))


@contextmanager
def _loop(kafka: str, source: str, target: str) -> Iterator[int]:
    command = [sys.executable, "-m", "bench.peers.bare_loop", kafka, source, target]
    with subprocess.Popen(command) as process:  # noqa: S603 - our own module
        try:
            yield process.pid
        finally:
            process.terminate()
