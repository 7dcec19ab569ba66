"""Batches in memory: as they were submitted, and as they stand."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from services.gateway.store.batches import Batch, BatchFilter, as_accepted
from services.gateway.store.submissions import Submission
from shared.errors import UnavailableError
from shared.events import BatchesSubmitted, Event
from tests.support.gateway.rows import ME


@dataclass
class FakeSubmissions:
    rows: dict[UUID, Submission] = field(default_factory=dict)
    deleted: list[UUID] = field(default_factory=list)
    away: bool = False

    async def add(self, submission: Submission) -> bool:
        # A turn of the loop, so that two requests can meet here.
        await asyncio.sleep(0)
        event = submission.event
        taken = submission.key and await self.by_key(event.user_id, submission.key)
        if taken or event.batch_id in self.rows:
            return False
        self.rows[event.batch_id] = submission
        return True

    async def by_key(self, user_id: UUID, key: str) -> Submission | None:
        if self.away:
            raise UnavailableError("PostgreSQL: gone")
        same = (s for s in self.rows.values() if (s.event.user_id, s.key) == (user_id, key))
        return next(same, None)

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[Submission]:
        return [submission for submission in self.rows.values() if not submission.published][:limit]

    async def was_deleted(self, batch_id: UUID) -> bool:
        return batch_id in self.deleted

    async def mark_published(self, batch_id: UUID) -> None:
        self.rows[batch_id] = replace(self.rows[batch_id], published=True)

    async def rename(self, batch_id: UUID, key: str | None) -> None:
        self.rows[batch_id] = replace(self.rows[batch_id], key=key)


@dataclass
class FakePublisher:
    published: list[Event] = field(default_factory=list)
    away: bool = False

    async def publish(self, event: Event) -> None:
        if self.away:
            raise UnavailableError("Kafka did not take a record")
        self.published.append(event)


@dataclass
class FakeBatches:
    submissions: FakeSubmissions
    rows: dict[UUID, tuple[UUID, Batch]] = field(default_factory=dict)

    def add(self, row: Batch, owner: UUID = ME) -> Batch:
        self.rows[row.batch_id] = (owner, row)
        return row

    async def get(self, user_id: UUID, batch_id: UUID) -> Batch | None:
        owner, row = self.rows.get(batch_id, (None, None))
        if row is None and batch_id in self.submissions.rows:
            event: BatchesSubmitted = self.submissions.rows[batch_id].event
            owner, row = event.user_id, as_accepted(event)
        return row if owner == user_id else None

    async def page(self, user_id: UUID, wanted: BatchFilter) -> list[Batch]:
        mine = [
            row
            for owner, row in self.rows.values()
            if owner == user_id
            and wanted.state in (None, row.state)
            and (wanted.search or "").lower() in row.name.lower()
        ]
        mine.sort(key=lambda row: (row.created_at, row.batch_id), reverse=True)
        after = wanted.after
        if after is not None:
            mine = [r for r in mine if (r.created_at, r.batch_id) < (after.created_at, after.id)]
        return mine[: wanted.limit]
