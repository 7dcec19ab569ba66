"""How late WebSocket watchers of one gateway process hear what is announced every second."""

import argparse
import asyncio
import multiprocessing
import time
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from rich.console import Console

from bench.sampling import Sampler
from bench.stacks import quiet_stack
from bench.watching_clients import Arrivals, receive
from cli.client import Client
from deploy.local.stack import Stack
from shared.events import BatchesProgress
from shared.vocabulary import BatchCounts, BatchState

# After the last frame was sent.
LAST_SECONDS = 2.0
JOBS = 10_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--watchers", type=int, default=2_000, help="how many (2000)")
    parser.add_argument("--frames", type=int, default=20, help="one a second (20)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Watch one batch many times over; return the lags, from publishing to having read."""
    with (
        quiet_stack(("gateway",)) as stack,
        Sampler({"gateway": stack.pids()["gateway"]}) as sampler,
    ):
        lags = asyncio.run(_watch(stack, asked.watchers, asked.frames))
    lags.sort()
    return {
        "watchers": asked.watchers,
        "frames": asked.frames,
        "received": len(lags),
        "p50_ms": _share(lags, 0.50),
        "p99_ms": _share(lags, 0.99),
        "most_ms": _share(lags, 1.0),
        "gateway": asdict(sampler.used["gateway"]),
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    used = result["gateway"]
    Console().print(
        f"{result['watchers']} watchers, {result['frames']} frames a second apart: "
        f"{result['received']} of {result['watchers'] * result['frames']} received; lag "
        f"p50 {result['p50_ms']:.0f} ms, p99 {result['p99_ms']:.0f} ms, "
        f"most {result['most_ms']:.0f} ms; gateway {used['most_bytes'] / 1e6:.0f} MB, "
        f"{used['cpu_seconds']:.1f} s of processor"
    )


async def _watch(stack: Stack, watchers: int, frames: int) -> list[float]:
    url = stack.service_url("gateway")
    async with Client(url) as bolt:
        email, password = f"bench-{uuid4().hex}@example.com", uuid4().hex
        await bolt.register(email, password)
        await bolt.sign_in(email, password)
        batch = await bolt.create_batch({"mode": "matrix", "titles": ["a"], "languages": ["pt-BR"]})
        token = bolt.token
    gateway = urlsplit(url)
    asked = (f"/v1/batches/{batch['batch_id']}/events", token)
    context = multiprocessing.get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(
        target=receive, args=(theirs, (gateway.hostname, gateway.port), asked, watchers)
    )
    process.start()
    # Ours would keep it open when that process ends.
    theirs.close()
    try:
        await asyncio.to_thread(pipe.recv)
        sent: dict[int, float] = {}
        await _announce(stack, UUID(batch["batch_id"]), frames, sent)
        await asyncio.sleep(LAST_SECONDS)
        pipe.send("enough")
        heard: Arrivals = await asyncio.to_thread(pipe.recv)
    finally:
        process.terminate()
        process.join()
    # One clock for both processes.
    return [at - sent[seq] for seq, at in heard if seq in sent]


async def _announce(stack: Stack, batch_id: UUID, frames: int, sent: dict[int, float]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=stack.endpoints.kafka) as producer:
        for seq in range(1, frames + 1):
            counts = BatchCounts(total=JOBS, completed=seq, queued=JOBS - seq)
            event = BatchesProgress(
                batch_id=batch_id, user_id=uuid4(), seq=seq, state=BatchState.RUNNING, counts=counts
            )
            sent[seq] = time.monotonic()
            value = event.model_dump_json().encode()
            await producer.send_and_wait(event.topic.name, value, key=event.key)
            await asyncio.sleep(1)


def _share(sorted_lags: list[float], share: float) -> float:
    place = min(len(sorted_lags) - 1, int(share * len(sorted_lags)))
    return 1_000 * sorted_lags[place]
