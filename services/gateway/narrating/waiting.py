"""Waits for what was asked for, as long as somebody is willing to."""

import asyncio
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.gateway.errors import NotFoundError
from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job, JobFilter
from shared.vocabulary import TERMINAL_BATCH_STATES

POLL_SECONDS = 0.15


class Batches(Protocol):
    """What waiting needs of the table `batches`."""

    async def get(self, user_id: UUID, batch_id: UUID) -> Batch | None:
        """Return a batch, or None."""
        ...


class Jobs(Protocol):
    """What waiting needs of the table `jobs`."""

    async def page(self, user_id: UUID, batch_id: UUID, wanted: JobFilter) -> list[Job]:
        """Return jobs of a batch, in its own order."""
        ...


@dataclass(frozen=True, slots=True)
class Told:
    """How a batch stands, and its jobs."""

    batch: Batch
    jobs: list[Job]

    @property
    def ended(self) -> bool:
        """Return whether nothing more will come of it by itself."""
        return self.batch.state in TERMINAL_BATCH_STATES


@dataclass(frozen=True, slots=True)
class Waiting:
    """Waits for batches.

    Attributes:
        longest: Seconds that nobody waits longer than.
    """

    batches: Batches
    jobs: Jobs
    longest: float

    async def of(self, user_id: UUID, batch: Batch, *, seconds: float, most: int = 500) -> Told:
        """Return how the batch stands once it has ended, or after so many seconds.

        Raises:
            NotFoundError: it was deleted meanwhile.
        """
        try:
            async with asyncio.timeout(min(seconds, self.longest)):
                while batch.state not in TERMINAL_BATCH_STATES:
                    await asyncio.sleep(POLL_SECONDS)
                    batch = await self._again(user_id, batch)
        except TimeoutError:
            pass
        jobs = await self.jobs.page(user_id, batch.batch_id, JobFilter(limit=most))
        return Told(batch, jobs)

    async def _again(self, user_id: UUID, batch: Batch) -> Batch:
        found = await self.batches.get(user_id, batch.batch_id)
        if found is None:
            raise NotFoundError(f"batch {batch.batch_id} was deleted")
        return found
