"""The third parties of a run: emulators in a process of their own, with their faults on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.emulators.behaviour import Behaviour, Fault, Latency
from bench.emulators.kinds import Kind

# Every call of the pipeline may meet any of these. A hang is cut off by the client's timeout.
RATES: dict[Kind, float] = {
    Kind.INTERNAL: 0.01,
    Kind.UNAVAILABLE: 0.02,
    Kind.DEADLINE: 0.005,
    Kind.RESET: 0.01,
    Kind.EMPTY: 0.01,
    Kind.GARBAGE: 0.005,
}
LATENCIES = (
    Latency(operation="generate", median=0.4, sigma=0.4),
    Latency(operation="synthesize", median=0.3, sigma=0.4),
)


def behaviour(seed: int) -> Behaviour:
    """Return how the third parties misbehave."""
    speech = {"provider": "tts", "operation": "synthesize"}
    spoilt = (
        Fault(kind=Kind.SILENT, rate=0.01, **speech),
        Fault(kind=Kind.TRUNCATED, rate=0.01, **speech),
        Fault(kind=Kind.WRONG_LANGUAGE, rate=0.01, operation="generate"),
        Fault(kind=Kind.HANG, rate=0.001),
        # Each shuts a project for the time that Google names.
        Fault(kind=Kind.QUOTA_MINUTE, skip=50, next=2),
        Fault(kind=Kind.CONCURRENCY, skip=100, next=5),
    )
    common = tuple(Fault(kind=kind, rate=rate) for kind, rate in RATES.items())
    return Behaviour(seed=seed, latency=LATENCIES, faults=(*common, *spoilt), hang_seconds=20)


@contextmanager
def emulators(behaviour: Behaviour, folder: Path) -> Iterator[dict[str, str]]:
    """Run the emulators; yields their addresses."""
    file = folder / "behaviour.json"
    file.write_text(behaviour.model_dump_json())
    command = [sys.executable, "-m", "bench.emulators", "--print-json", "--behaviour", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        try:
            if process.stdout is None:
                raise RuntimeError("the emulators have no output")
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def environment(addresses: dict[str, str]) -> dict[str, str]:
    """Return what services are told so that the official clients talk to the emulators."""
    return {
        "LLM": "auto",
        "GEMINI_BASE_URL": addresses["gemini"],
        "GEMINI_API_KEYS": "alpha:one,beta:two",
        "GOOGLE_TTS_ENDPOINT": addresses["tts"],
        "GOOGLE_TTS_API_KEYS": "alpha:three,beta:four",
        # What is measured here is loss and repetition: quotas have a measurement of their own.
        "QUOTA_LIMITS": '{"*": {"rpm": 100000, "tpm": 0, "rpd": 0, "concurrency": 200}}',
        "LOG_LEVEL": "INFO",
    }
