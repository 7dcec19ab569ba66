"""Two projects of 200 requests a real minute, shared by replicas: breaches and utilisation."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
from google.api_core import exceptions
from google.cloud import texttospeech_v1 as texttospeech
from google.cloud.texttospeech_v1.services.text_to_speech import transports
from rich.console import Console
from rich.table import Table

from bench.sampling import now
from deploy.local.stack import Stack
from shared import quota
from shared.quota.ledger import Ledger

MODEL = "chirp3-hd"
VOICE = {"language_code": "pt-BR", "name": "pt-BR-Chirp3-HD-Kore"}
KEYS = "alpha:alpha.one,alpha:alpha.two,beta:beta.one"
REPLICAS = 2
# More than can be served, so that work waits at every moment.
CALLERS = 48
RPM = 200
LATENCY = {"operation": "synthesize", "median": 0.4, "sigma": 0.4}
TOO_MANY = quota.Verdict(quota.Action.BACK_OFF, "quota_minute", quota.Scope.DOMAIN)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--minutes", type=float, default=3, help="how long (default 3)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Keep both projects busy; return what the emulator saw."""
    with (
        tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder,
        Stack(Path(folder), servers=("valkey",), services=(), forget=True) as stack,
        _emulators() as urls,
    ):
        rules = {"quotas": [{"rpm": RPM}], "latency": [LATENCY]}
        _ask(f"{urls['gemini']}/_control", rules)
        said = asyncio.run(_busy(urls["tts"], stack.endpoints.redis_url, asked.minutes * 60))
        seen = _ask(f"{urls['gemini']}/_calls?summary=1")
    admitted = {
        each["project"]: sum(minute["admitted"] for minute in each["minutes"])
        for each in seen["quotas"]
    }
    allowed = RPM * asked.minutes
    return {
        "minutes": asked.minutes,
        "rpm": RPM,
        "calls": seen["calls"],
        "breaches": seen["breaches"],
        "refused_to_us": said["refused"],
        "utilisation": {project: count / allowed for project, count in admitted.items()},
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    table = Table("project", "of its quota")
    for project, share in result["utilisation"].items():
        table.add_row(project, f"{share:.1%}")
    console = Console()
    console.print(table)
    console.print(
        f"{result['calls']} calls in {result['minutes']:g} minutes at {result['rpm']} a minute and "
        f"project: {result['breaches']} breaches"
    )


async def _busy(endpoint: str, redis_url: str, seconds: float) -> Counter[str]:
    said = Counter[str]()
    ends = now() + seconds
    pools = [_pool(redis_url) for _ in range(REPLICAS)]
    channel = grpc.aio.insecure_channel(endpoint)
    client = texttospeech.TextToSpeechAsyncClient(
        transport=transports.TextToSpeechGrpcAsyncIOTransport(channel=channel)
    )

    async def caller(number: int) -> None:
        pool = pools[number % len(pools)]
        count = 0
        while now() < ends:
            count += 1
            text = f"Pessoa {number}, frase {count}."
            async with pool.lease(MODEL, user=f"user-{number % 4}") as lease:
                if now() >= ends:
                    return
                said[await _spoken(client, lease, text)] += 1

    await asyncio.gather(*(caller(number) for number in range(CALLERS)))
    for pool in pools:
        await pool.aclose()
    await channel.close()
    return said


async def _spoken(client: Any, lease: quota.Lease, text: str) -> str:
    request = {
        "input": {"text": text},
        "voice": VOICE,
        "audio_config": {"audio_encoding": "LINEAR16"},
    }
    header = (("x-goog-api-key", lease.key.secret.get_secret_value()),)
    try:
        await client.synthesize_speech(request=request, metadata=header, timeout=30, retry=None)
    except exceptions.ResourceExhausted:
        lease.report(TOO_MANY)
        return "refused"
    return "served"


def _pool(redis_url: str) -> quota.Pool:
    settings = quota.Settings(
        redis_url=redis_url, quota_limits={f"google/{MODEL}": quota.Limits(rpm=RPM)}
    )
    ledger = Ledger("google", redis_url=redis_url, lease_seconds=settings.quota_lease_seconds)
    return quota.Pool("google", quota.parse(KEYS), ledger, settings)


@contextmanager
def _emulators() -> Iterator[dict[str, str]]:
    command = [sys.executable, "-m", "bench.emulators", "--print-json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own module
        assert process.stdout is not None  # noqa: S101 - opened with PIPE
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def _ask(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        found: dict[str, Any] = json.loads(answer.read())
    return found
