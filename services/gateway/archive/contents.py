"""What is in the ZIP of a batch, one file after the other."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from stat import S_IFREG
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from stream_zip import ZIP_AUTO, Method, async_stream_zip

from services.gateway.archive.manifest import Manifest
from services.gateway.archive.names import Taken, safe
from services.gateway.objects import Objects, once
from services.gateway.store.jobs import Job, JobFilter
from shared.errors import InvalidRequestError
from shared.vocabulary import ArtefactRef, JobState

JOBS_AT_ONCE = 200
MODE = S_IFREG | 0o644
# Audio is compressed already: level 0 stores it, and still streams.
STORED, DEFLATED = 0, 6

EXTENSIONS = {
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/wav": "wav",
    "audio/x-wav": "wav",
}

Member: TypeAlias = tuple[str, datetime, int, Method, AsyncIterator[bytes]]


class Jobs(Protocol):
    """What an archive needs of the table `jobs`."""

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        """Return jobs of a batch, in its own order."""
        ...

    async def languages_with_several_voices(self, user_id: UUID, batch_id: UUID) -> set[str]:
        """Return the languages in which a file name must say whose voice it is."""
        ...


@dataclass(slots=True)
class _Numbering:
    """Numbers titles from 1, in the order of the batch: jobs of one title stand together."""

    title: str | None = None
    number: int = 0

    def of(self, job: Job) -> int:
        if job.title != self.title:
            self.title, self.number = job.title, self.number + 1
        return self.number


@dataclass(frozen=True, slots=True)
class Archive:
    """Writes the ZIP of a batch, as far as the batch is done.

    Attributes:
        jobs: What is in it.
        objects: Where the files lie.
        slots: How many archives may work at one moment. Each takes a thread that itself
            waits for the store, which may need a thread too: without a limit all of them
            could wait for each other.
    """

    jobs: Jobs
    objects: Objects
    slots: asyncio.Semaphore

    async def stream(
        self, user_id: UUID, batch_id: UUID, report: dict[str, Any]
    ) -> AsyncIterator[bytes]:
        """Yield the ZIP in chunks.

        Args:
            user_id: Whose batch it is.
            batch_id: Which.
            report: The batch as the API shows it; written to report.json.
        """
        zipped = aiter(async_stream_zip(_Contents(self, user_id, batch_id, report).members()))
        while True:
            # Held for a chunk, not for a download: a slow reader keeps nobody waiting.
            async with self.slots:
                chunk = await anext(zipped, None)
            if chunk is None:
                return
            yield chunk


@dataclass(slots=True)
class _Contents:
    archive: Archive
    user_id: UUID
    batch_id: UUID
    report: dict[str, Any]
    manifest: Manifest = field(default_factory=Manifest)
    numbering: _Numbering = field(default_factory=_Numbering)
    taken: Taken = field(default_factory=Taken)
    missing: list[str] = field(default_factory=list)

    async def members(self) -> AsyncIterator[Member]:
        told_apart = await self.archive.jobs.languages_with_several_voices(
            self.user_id, self.batch_id
        )
        async for job in self._jobs():
            stem = self._stem(job, with_voice=job.language in told_apart)
            async for member in self._files(job, stem):
                yield member
        yield _text("manifest.csv", self.manifest.encode())
        yield _text("report.json", self._report())

    async def _jobs(self) -> AsyncIterator[Job]:
        # Page by page: a slow download must not hold a connection to the database.
        wanted = JobFilter(limit=JOBS_AT_ONCE)
        while page := await self.archive.jobs.page(self.user_id, self.batch_id, wanted):
            for job in page:
                yield job
            wanted = JobFilter(limit=JOBS_AT_ONCE, after_position=page[-1].position)

    async def _files(self, job: Job, stem: str) -> AsyncIterator[Member]:
        if job.state is not JobState.COMPLETED or job.audio is None:
            self.manifest.add(job, "")
            return
        path = self.taken.claim(stem)
        extension = EXTENSIONS.get(job.audio.media_type, "bin")
        files = ((extension, job.audio), ("srt", job.srt), ("vtt", job.vtt), ("txt", job.narrated))
        present = {}
        for suffix, ref in files:
            body = ref and await self._open(f"{path}.{suffix}", ref)
            if ref and body:
                present[suffix] = body
                yield _member(f"{path}.{suffix}", ref, body, job)
        whole = extension in present
        self.manifest.add(job, f"{path}.{extension}" if whole else "", missing=not whole)

    async def _open(self, name: str, ref: ArtefactRef) -> AsyncIterator[bytes] | None:
        try:
            return await self.archive.objects.open(ref)
        except InvalidRequestError:
            # One lost object must not cost the rest; the report says which it was.
            self.missing.append(name)
            return None

    def _stem(self, job: Job, *, with_voice: bool) -> str:
        number = self.numbering.of(job)
        voice = f" - {safe(job.voice)}" if with_voice and job.voice else ""
        folder = safe(job.language, instead="und")
        return f"{folder}/{number:03} - {safe(job.title)} (v{job.variation}){voice}"

    def _report(self) -> bytes:
        report = {
            "generated_at": datetime.now(UTC).isoformat(),
            "batch": self.report,
            "missing_files": self.missing,
        }
        return json.dumps(report, ensure_ascii=False, indent=2).encode()


def _member(name: str, ref: ArtefactRef, body: AsyncIterator[bytes], job: Job) -> Member:
    level = STORED if ref.media_type.startswith("audio/") else DEFLATED
    changed = job.completed_at or job.updated_at
    return name, changed, MODE, ZIP_AUTO(ref.bytes, level=level), body


def _text(name: str, data: bytes) -> Member:
    return name, datetime.now(UTC), MODE, ZIP_AUTO(len(data), level=DEFLATED), once(data)
