"""Deleted batches in memory, for tests of the gateway's routes."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID


@dataclass
class FakeDeletions:
    """Takes batches out of the fakes beside it.

    Attributes:
        batches: The fake of the table `batches`; likewise `jobs`.
        old: Batches that ended long ago, each with its user.
        back: Batches that a backup brought back, likewise.
    """

    batches: Any
    jobs: Any
    old: list[tuple[UUID, UUID]] = field(default_factory=list)
    back: list[tuple[UUID, UUID]] = field(default_factory=list)
    added: list[UUID] = field(default_factory=list)
    published: list[UUID] = field(default_factory=list)

    async def add(self, user_id: UUID, batch_id: UUID) -> None:
        self.added.append(batch_id)
        self.batches.submissions.rows.pop(batch_id, None)
        self.batches.submissions.deleted.append(batch_id)
        self.batches.rows.pop(batch_id, None)
        for job_id, (_, job) in list(self.jobs.rows.items()):
            if job.batch_id == batch_id:
                del self.jobs.rows[job_id]

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[UUID]:
        return [each for each in self.added if each not in self.published][:limit]

    async def mark_published(self, batch_id: UUID) -> None:
        self.published.append(batch_id)

    async def returned(self, limit: int) -> list[tuple[UUID, UUID]]:
        return [each for each in self.back if each[1] not in self.added][:limit]

    async def ended(
        self, *, older_than: timedelta, after: UUID | None, limit: int
    ) -> list[tuple[UUID, UUID]]:
        known = sorted((each for each in self.old if each[1] not in self.added), key=_by_batch)
        return [each for each in known if after is None or each[1] > after][:limit]


def _by_batch(each: tuple[UUID, UUID]) -> UUID:
    return each[1]
