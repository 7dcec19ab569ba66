"""Events a second that the aggregator folds: live, and again from the log in a rebuild."""

import argparse
import asyncio
import contextlib
import logging
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from rich.console import Console

from deploy.local.service_environment import Endpoints
from deploy.local.stack import Stack
from services.aggregator.fold import Fold
from services.aggregator.reading import FOLDED, Reader
from services.aggregator.rebuild.command import rebuild
from services.aggregator.settings import Settings
from services.aggregator.store import Database
from shared.artefacts import Artefacts
from shared.events import (
    AudioReady,
    BatchesSubmitted,
    Event,
    JobsRequested,
    ScriptAdapted,
    ScriptGenerated,
)
from shared.expansion import expand
from shared.postgres.migrate import migrate
from shared.providers import storage
from shared.runtime import collecting, create_topics
from shared.runtime.envelope import decode
from shared.runtime.fold import FoldLoop
from shared.vocabulary import ArtefactRef, BatchRequest, Mode, Target, Usage

JOBS_PER_BATCH = 5_000
STEPS = 4
REF = ArtefactRef(key="k/ab/abc", sha256="0" * 64, bytes=3, media_type="text/plain")
SPENT = (Usage(provider="offline", calls=1, characters=100),)
POLL_SECONDS = 0.05


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--events", type=int, default=100_000, help="how many (default 100000)")
    parser.add_argument("--records", type=int, default=10_000, help="FOLD_RECORDS (default 10000)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Fold a log live, then rebuild from it, then compare; in servers of its own."""
    logging.getLogger("aiokafka").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder:
        names = ("kafka", "postgres", "valkey")
        with Stack(Path(folder), servers=names, services=(), forget=True) as stack:
            return asyncio.run(_measure(stack.endpoints, asked))


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    console = Console()
    for name in ("live", "rebuild"):
        seconds = result[f"{name}_seconds"]
        rate = result["events"] / seconds
        cpu = result["events"] / result[f"{name}_cpu_seconds"]
        console.print(
            f"{name}: {result['events']} events in {seconds:.1f} s: {rate:.0f} a second, "
            f"{cpu:.0f} a second of our own processor"
        )
    console.print(f"rows that differ: {result['differences']}")


async def _measure(at: Endpoints, asked: argparse.Namespace) -> dict[str, Any]:
    settings = Settings(
        kafka_bootstrap_servers=at.kafka,
        database_url=at.database_url,
        redis_url=at.redis_url,
        fold_records=asked.records,
    )
    await create_topics.create(create_topics.Settings(kafka_bootstrap_servers=at.kafka))
    await migrate(at.database_url)
    events = await _publish(at.kafka, asked.events)
    # As the aggregator does once it has started.
    collecting.settle(collecting.FOLDING)
    live, live_cpu = await _live(settings, events)
    started, cpu = time.perf_counter(), time.process_time()
    await rebuild(settings)
    again, again_cpu = time.perf_counter() - started, time.process_time() - cpu
    compared = await rebuild(settings, only_check=True)
    return {
        "events": events,
        "live_seconds": live,
        "live_cpu_seconds": live_cpu,
        "rebuild_seconds": again,
        "rebuild_cpu_seconds": again_cpu,
        "differences": sum(compared.counts.values()),
    }


async def _publish(kafka: str, events: int) -> int:
    count = 0
    async with AIOKafkaProducer(bootstrap_servers=kafka, linger_ms=50, acks=1) as producer:
        for event in _events(events):
            body = event.model_dump_json(exclude_none=True).encode()
            await producer.send(event.topic.name, body, key=event.key)
            count += 1
        await producer.flush()
    return count


def _events(count: int) -> Iterator[Event]:
    for _ in range(max(1, count // (JOBS_PER_BATCH * STEPS))):
        request = BatchRequest(
            mode=Mode.EXPAND_TITLES,
            titles=tuple(f"Title {n}" for n in range(min(JOBS_PER_BATCH, count // STEPS))),
            targets=(Target(language="pt-BR", voice="tone:pt-BR"),),
            agent=REF,
            script_language="pt-BR",
        )
        submitted = BatchesSubmitted(
            batch_id=uuid4(), user_id=uuid4(), request=request, total_jobs=request.total_jobs
        )
        yield submitted
        jobs = [
            {
                "job_id": job.job_id,
                "batch_id": submitted.batch_id,
                "user_id": submitted.user_id,
                "title": job.title,
                "language": job.language,
                "voice": job.voice,
            }
            for job in expand(submitted.batch_id, request)
        ]
        yield from (JobsRequested(**job) for job in jobs)
        yield from (ScriptGenerated(**job, script=REF, usage=SPENT) for job in jobs)
        yield from (ScriptAdapted(**job, script=REF, usage=SPENT) for job in jobs)
        yield from (_spoken(job) for job in jobs)


def _spoken(job: dict[str, Any]) -> AudioReady:
    made = {"audio": REF, "script": REF, "srt": REF, "vtt": REF}
    return AudioReady(**job, **made, audio_seconds=1.5, characters=17, segments=1, usage=SPENT)


async def _live(settings: Settings, events: int) -> tuple[float, float]:
    async def put_aside(record: Any, error: BaseException) -> None:
        raise RuntimeError(f"everything on {record.topic} is an event") from error

    artefacts = Artefacts(
        storage.create(settings.storage), redis_url=settings.redis_url, ttl_days=1
    )
    async with artefacts, Database(settings.database_url) as database:
        fold = Fold(database, Reader(decode, artefacts), put_aside, lambda: None)
        loop = FoldLoop(
            "aggregator", settings, topics=FOLDED, fold=fold, max_records=settings.fold_records
        )
        consuming = asyncio.create_task(loop.run())
        try:
            # From the first event folded: joining the group takes seconds, once.
            await _folded(settings.database_url, 1)
            started, cpu = time.perf_counter(), time.process_time()
            await _folded(settings.database_url, events)
            return time.perf_counter() - started, time.process_time() - cpu
        finally:
            consuming.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await consuming


async def _folded(url: str, events: int) -> None:
    connection = await asyncpg.connect(url)
    try:
        while True:
            folded = await connection.fetchval("SELECT sum(next_offset) FROM consumer_offsets")
            if folded is not None and folded >= events:
                return
            await asyncio.sleep(POLL_SECONDS)
    finally:
        await connection.close()
