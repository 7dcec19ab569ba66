"""What became of it all: read from the log, the tables, the store and the call log."""

import asyncio
import hashlib
import itertools
import json
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from bench.chaos.records import Record, everything_on
from deploy.local.stack import Stack
from services.aggregator.rebuild.command import DIFFERENT
from shared import topics

STAGES = ("jobs.requested", "script.generated", "script.adapted", "audio.ready")

_JOBS = "SELECT job_id::text, state, error_code, audio FROM jobs WHERE batch_id = $1"
_BATCH = """
SELECT state, total, queued, scripting, adapting, awaiting_review, narrating, completed, failed,
       cancelled
FROM batches WHERE batch_id = $1
"""


@dataclass(slots=True)
class Found:
    """What was found out about all batches together.

    Attributes:
        lost: Jobs that have not ended, or are completed without the audio that they name.
        wrong_counts: Batches whose counts are not those of their jobs.
        errors: Failed jobs, by code.
        artefacts_twice: Jobs with two different audios.
        redelivered: Events that lie on a stage's topic more than once.
        dead_letters: Records put aside, by topic.
        stall: The longest time without a finished job, in seconds.
        not_of_the_log: Rows that the log gives otherwise than they are.
    """

    jobs: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    wrong_counts: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    artefacts_twice: list[str] = field(default_factory=list)
    redelivered: Counter[str] = field(default_factory=Counter)
    dead_letters: Counter[str] = field(default_factory=Counter)
    stall: float = 0.0
    not_of_the_log: list[str] = field(default_factory=list)


async def audit(stack: Stack, batches: Iterable[str]) -> Found:
    """Return what became of these batches."""
    found = Found()
    connection = await asyncpg.connect(stack.endpoints.database_url)
    try:
        for batch_id in batches:
            await _audit_batch(connection, stack, batch_id, found)
    finally:
        await connection.close()
    for topic in STAGES:
        records = await asyncio.to_thread(everything_on, stack.endpoints.kafka, topic)
        found.redelivered[topic] = len(records) - len({_id(record) for record in records})
        if topic == "audio.ready":
            found.artefacts_twice = _twice(records)
            found.stall = _longest_gap(records)
    for dead in topics.DEAD_LETTERS:
        records = await asyncio.to_thread(everything_on, stack.endpoints.kafka, dead.name)
        if records:
            found.dead_letters[dead.name] = len(records)
    found.not_of_the_log = await _not_of_the_log(stack)
    return found


async def _not_of_the_log(stack: Stack) -> list[str]:
    env = (f"{name}={value}" for name, value in stack.service_env().items())
    check = await asyncio.create_subprocess_exec(
        *("env", *env, sys.executable, "-m", "services.aggregator.rebuild", "--check"),
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await check.communicate()
    if check.returncode not in (0, DIFFERENT):
        raise RuntimeError(f"the log cannot be compared with the tables: {said.decode()}")
    return [line for line in said.decode().splitlines() if ", the log gives " in line]


async def _audit_batch(
    connection: "asyncpg.Connection[asyncpg.Record]", stack: Stack, batch_id: str, found: Found
) -> None:
    jobs = await connection.fetch(_JOBS, batch_id)
    states = Counter(job["state"] for job in jobs)
    found.jobs += len(jobs)
    found.states += states
    found.errors.update(job["error_code"] for job in jobs if job["state"] == "failed")
    told = dict(await connection.fetchrow(_BATCH, batch_id) or {})
    state, total = told.pop("state", None), told.pop("total", None)
    if Counter(told) != states or total != len(jobs) or not _ended(state):
        found.wrong_counts.append(f"{batch_id}: {state}, {told} of {total}, jobs {dict(states)}")
    store = stack.state.directory / "artefacts"
    for job in jobs:
        if job["state"] not in ("completed", "failed", "cancelled"):
            found.lost.append(f"{job['job_id']}: {job['state']}")
        elif job["state"] == "completed" and not _lies_there(store, json.loads(job["audio"])):
            found.lost.append(f"{job['job_id']}: its audio is not what it says")


def _ended(state: str | None) -> bool:
    return state in ("completed", "completed_with_errors", "failed", "cancelled")


def _lies_there(store: Path, audio: dict[str, Any]) -> bool:
    file = store / audio["key"]
    sha256: str = audio["sha256"]
    return file.exists() and hashlib.sha256(file.read_bytes()).hexdigest() == sha256


def _id(record: Record) -> str:
    return str(json.loads(record.value)["event_id"])


def _twice(records: Iterable[Record]) -> list[str]:
    audios: dict[tuple[str, int], set[str]] = defaultdict(set)
    for record in records:
        event = json.loads(record.value)
        audios[event["job_id"], event.get("run", 1)].add(event["audio"]["sha256"])
    return [job for (job, _run), different in audios.items() if len(different) > 1]


def _longest_gap(records: Iterable[Record]) -> float:
    times = sorted(record.at for record in records)
    return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0.0)


def calls(control: str) -> dict[str, Any]:
    """Return the call log of the emulators."""
    with urllib.request.urlopen(f"{control}/_calls", timeout=60) as answer:  # noqa: S310 - loopback
        log: dict[str, Any] = json.loads(answer.read())
    return log
