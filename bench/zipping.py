"""The memory a download takes: a ZIP of many narrations, streamed from a store."""

import argparse
import asyncio
import os
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID, uuid4

from bench.sampling import Sampler
from services.gateway.archive.contents import Archive, Jobs
from services.gateway.objects import Objects
from services.gateway.store.jobs import Job, JobFilter
from shared.providers.storage import Storage
from shared.vocabulary import ArtefactRef, JobState

KILOBYTE = 1_024
CHUNK = 64 * KILOBYTE
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be asked for."""
    parser.add_argument("--jobs", type=int, default=2_000, help="files of audio in the ZIP")
    parser.add_argument("--kilobytes", type=int, default=1_500, help="of each of them")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Return what streaming such an archive took."""
    return asyncio.run(_measure(asked.jobs, asked.kilobytes * KILOBYTE))


def show(result: dict[str, Any]) -> None:
    """Print it."""
    for name, value in result.items():
        print(f"{name:>14}  {value}")  # noqa: T201 - it is what was asked for


class _Jobs:
    def __init__(self, count: int, audio: ArtefactRef) -> None:
        self._count, self._audio = count, audio

    async def page(self, _user: UUID, _batch: UUID, wanted: JobFilter) -> list[Job]:
        first = wanted.after_position + 1
        return [self._job(at) for at in range(first, min(self._count, first + wanted.limit))]

    async def languages_with_several_voices(self, _user: UUID, _batch: UUID) -> set[str]:
        return set()

    def _job(self, position: int) -> Job:
        fields: dict[str, Any] = dict.fromkeys(Job.__slots__)
        told = {"title": f"Título {position}", "language": "pt-BR", "variation": 1, "aspect": ""}
        return Job(
            **fields
            | told
            | {"job_id": uuid4(), "position": position, "state": JobState.COMPLETED}
            | {"audio": self._audio, "updated_at": _NOW, "completed_at": _NOW}
        )


class _Store:
    """One object under every key, a chunk at a time."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    async def stream(
        self,
        key: str,  # noqa: ARG002 - the protocol of a store
        *,
        start: int = 0,
        end: int | None = None,
    ) -> AsyncIterator[bytes]:
        whole = memoryview(self._data)[start:end]
        for at in range(0, len(whole), CHUNK):
            yield bytes(whole[at : at + CHUNK])


async def _measure(jobs: int, size: int) -> dict[str, Any]:
    store = _Store(os.urandom(size))
    audio = ArtefactRef(key="audio", sha256="0" * 64, bytes=size, media_type="audio/mpeg")
    objects = Objects(cast(Storage, store))
    archive = Archive(cast(Jobs, _Jobs(jobs, audio)), objects, asyncio.Semaphore(8))
    began, total = time.perf_counter(), 0
    with Sampler({"zip": os.getpid()}) as sampler:
        async for chunk in archive.stream(uuid4(), uuid4(), {}):
            total += len(chunk)
    used = sampler.used["zip"]
    return {
        "files": jobs,
        "bytes": total,
        "seconds": round(time.perf_counter() - began, 2),
        "first_bytes": used.first_bytes,
        "peak_bytes": used.most_bytes,
    }
