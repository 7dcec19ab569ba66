"""How long a large batch takes, against the least that quotas and its longest path allow."""

import argparse
import asyncio
import json
import math
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.batches import run, somebody
from bench.chaos.emulated import emulators, environment
from bench.emulators.behaviour import Behaviour, Latency, Quota
from bench.peers import celery_peer
from bench.sampling import Sampler
from deploy.local.stack import Stack

LANGUAGES = (
    "pt-BR", "en-US", "es-ES", "fr-FR", "de-DE", "it-IT", "ja-JP", "hi-IN", "ar-XA", "cmn-CN",
    "ko-KR", "nl-NL", "pl-PL", "ru-RU", "tr-TR", "vi-VN", "id-ID", "th-TH", "bn-IN", "uk-UA",
)  # fmt: skip
# What the seeds name: of a script, of its adaptation, of its speech. In seconds.
SCRIPT, ADAPTATION, SPEECH = 60.0, 120.0, 100.0
JITTER = 0.1
# Calls that a script of this length is made of, one after another; an adaptation is one.
SCRIPT_CALLS = 3
CHARACTERS = 300
# In every request of the adapter, and in none of the scripter.
ADAPTING = "You adapt scripts that one narrator reads aloud"
MINUTE = 60.0
CELERY_WORKERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """The least that a batch takes: nothing of ours is in it.

    Attributes:
        jobs: How many calls for speech.
        limit: Such calls a minute, of all projects together.
        scale: By how much latencies are divided.
    """

    jobs: int
    limit: int
    scale: float

    @property
    def path(self) -> float:
        """Return how long one job takes, in seconds."""
        return (SCRIPT + ADAPTATION + SPEECH) / self.scale

    @property
    def seconds(self) -> float:
        """Return how long all of them take: so many in each minute, from when the first may."""
        return self.path + MINUTE * (math.ceil(self.jobs / self.limit) - 1)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--titles", type=int, default=100, help="how many (100)")
    parser.add_argument("--languages", type=int, default=20, help="of each title (20)")
    parser.add_argument("--scale", type=float, default=10.0, help="times as fast (10)")
    parser.add_argument("--projects", type=int, default=4, help="that speak (4)")
    parser.add_argument("--rpm", type=int, default=20, help="calls a minute of each, unscaled (20)")
    parser.add_argument("--minutes", type=float, default=9, help="give up after so long (9)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Run the batch against emulated providers, then a part of it in the Celery design."""
    jobs = asked.titles * asked.languages
    rpm = round(asked.rpm * asked.scale)
    bound = Bound(jobs=jobs, limit=rpm * asked.projects, scale=asked.scale)
    with tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder:
        home = Path(folder)
        with emulators(_behaviour(asked.scale, rpm), home) as addresses:
            env = environment(addresses) | _projects(asked.projects, rpm)
            with (
                Stack(home / "stack", env=env, forget=True) as stack,
                Sampler(stack.pids()) as sampler,
            ):
                ran = asyncio.run(_ours(stack, asked))
            seen = _seen(addresses["gemini"])
        cpu = sum(used.cpu_seconds for used in sampler.used.values())
        celery = celery_peer.run(
            home / "celery",
            # Two rounds of its slots: each further one takes as long.
            celery_peer.Asked(titles=2, languages=20, workers=CELERY_WORKERS, scale=asked.scale),
        )
    return {
        "jobs": jobs,
        "scale": asked.scale,
        "completed": ran.counts["completed"],
        "seconds": ran.seconds,
        "bound_seconds": bound.seconds,
        "path_seconds": bound.path,
        "processor_seconds": cpu,
        "celery_seconds": celery["seconds"] * jobs / celery["jobs"],
        "calls": seen["calls"],
        "breaches": seen["breaches"],
    }


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    ours, least = result["seconds"], result["bound_seconds"]
    Console().print(
        f"{result['completed']} of {result['jobs']} jobs, time scaled {result['scale']:g}: "
        f"{ours:.1f} s; quotas and the longest path allow {least:.1f} ({ours / least:.2f} times); "
        f"our processes and servers used {result['processor_seconds']:.0f} s of processor; the "
        f"Celery design with {CELERY_WORKERS} slots takes {result['celery_seconds']:.0f} s; "
        f"{result['calls']} calls, {result['breaches']} beyond a quota"
    )


def _behaviour(scale: float, rpm: int) -> Behaviour:
    return Behaviour(
        latency=(
            Latency(operation="generate", median=ADAPTATION, sigma=JITTER, containing=ADAPTING),
            Latency(operation="generate", median=SCRIPT / SCRIPT_CALLS, sigma=JITTER),
            Latency(operation="synthesize", median=SPEECH, sigma=JITTER),
        ),
        time_scale=scale,
        quotas=(Quota(provider="tts", rpm=rpm),),
    )


def _projects(count: int, rpm: int) -> dict[str, str]:
    limits = {
        "google/*": {"rpm": rpm, "tpm": 0, "rpd": 0, "concurrency": 2_000},
        "*": {"rpm": 0, "tpm": 0, "rpd": 0, "concurrency": 2_000},
    }
    return {
        "GOOGLE_TTS_API_KEYS": ",".join(f"project-{n}:speaks-{n}" for n in range(count)),
        "QUOTA_LIMITS": json.dumps(limits),
        "RELEASE_WINDOW": "5000",
        "LOG_LEVEL": "WARNING",
        "RATE_LIMITS": "",
    }


async def _ours(stack: Stack, asked: argparse.Namespace) -> Any:
    batch: dict[str, Any] = {
        "mode": "matrix",
        "titles": [f"História número {number}" for number in range(asked.titles)],
        "targets": [
            {"language": code, "voice": f"{code}-Chirp3-HD-Kore"}
            for code in LANGUAGES[: asked.languages]
        ],
        "agent": {"language": "pt-BR"},
        "options": {"target_characters": CHARACTERS},
    }
    async with somebody(stack.service_url("gateway")) as bolt, asyncio.timeout(asked.minutes * 60):
        # What is loaded with the first job of a process is no part of it.
        await run(bolt, batch | {"titles": ["Aquecimento"], "targets": batch["targets"][:2]})
        return await run(bolt, batch)


def _seen(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{url}/_calls?summary=1", timeout=10) as answer:  # noqa: S310 - loopback
        found: dict[str, Any] = json.loads(answer.read())
    return found
