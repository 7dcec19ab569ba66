"""What a voice sounds like: spoken once by the pipeline itself, and kept.

A preview is a job like any other that enters with its text ready. Its id depends only on
the voice, so that whoever asks, and however often, it is one job and one stored result.
"""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Protocol
from uuid import NAMESPACE_URL, UUID, uuid5

from services.gateway.acceptance import Publisher
from services.gateway.store.jobs import Job
from shared.catalogue import Voice
from shared.events import ScriptAdapted
from shared.vocabulary import SYSTEM_USER, JobState

# A new version of the texts is a new preview of every voice.
VERSION = 1
POLL_SECONDS = 0.2
# A failed preview is tried again when somebody asks after this long.
FORGIVEN_AFTER = timedelta(minutes=1)


class Jobs(Protocol):
    """What previews need of the table `jobs`."""

    async def get(self, user_id: UUID, job_id: UUID) -> Job | None:
        """Return a job, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Previews:
    """Has voices introduce themselves.

    Attributes:
        patience: Seconds to wait for a voice that has not spoken yet.
    """

    jobs: Jobs
    publisher: Publisher
    patience: float

    async def of(self, voice: Voice) -> Job | None:
        """Return the job that speaks the preview, ended; None where it takes longer."""
        job_id = uuid5(NAMESPACE_URL, f"bolt:preview/{VERSION}/{voice.id}")
        job = await self.jobs.get(SYSTEM_USER, job_id)
        if _has_ended(job):
            return job
        await self.publisher.publish(
            ScriptAdapted(
                event_id=uuid5(job_id, "adapted"),
                job_id=job_id,
                title=f"Preview of {voice.id}",
                language=voice.language,
                voice=voice.id,
                text=text_of(voice.language),
            )
        )
        return await self._ended(job_id, since=datetime.now(UTC))

    async def _ended(self, job_id: UUID, *, since: datetime) -> Job | None:
        try:
            async with asyncio.timeout(self.patience):
                while True:
                    await asyncio.sleep(POLL_SECONDS)
                    job = await self.jobs.get(SYSTEM_USER, job_id)
                    # A failure from before we asked is not the answer.
                    if job and _has_ended(job) and (job.audio or job.updated_at > since):
                        return job
        except TimeoutError:
            return None


def text_of(language: str) -> str:
    """Return what a voice of `language` says; numbers, where we have no sentence of it."""
    return _texts().get(language.partition("-")[0], "1, 2, 3, 4, 5.")


def _has_ended(job: Job | None) -> bool:
    if job is None:
        return False
    if job.state is JobState.COMPLETED:
        return True
    return job.state is JobState.FAILED and datetime.now(UTC) - job.updated_at < FORGIVEN_AFTER


@cache
def _texts() -> dict[str, str]:
    texts: dict[str, str] = json.loads(
        files("services.gateway").joinpath("preview_texts.json").read_text("utf-8")
    )
    return texts
