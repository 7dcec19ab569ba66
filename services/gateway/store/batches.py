"""The table `batches`, as the aggregator last folded it; `submissions` until it has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from services.gateway.cursors import After
from services.gateway.store.database import Database
from shared.events import BatchesSubmitted
from shared.vocabulary import BatchCounts, BatchState, JobState, Mode

# A batch is visible from the moment it is accepted, whether or not it has been folded.
_MINE = """
WITH mine AS (
    SELECT batch_id, name, mode, state, total, queued, scripting, adapting, awaiting_review,
           narrating, completed, failed, cancelled, provider_calls, characters, audio_seconds,
           seq, created_at, started_at, updated_at, completed_at, budget_usd,
           CASE WHEN state <> 'paused' THEN NULL WHEN paused THEN 'user' ELSE 'budget' END
               AS paused_because,
           cancelled_by IS NOT NULL AS is_cancelled
    FROM batches WHERE user_id = $1
    UNION ALL
    SELECT s.batch_id, coalesce(s.event -> 'request' ->> 'name', ''),
           s.event -> 'request' ->> 'mode', 'queued',
           (s.event ->> 'total_jobs')::integer, (s.event ->> 'total_jobs')::integer,
           0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
           s.accepted_at, NULL, s.accepted_at, NULL,
           (s.event -> 'request' -> 'options' ->> 'budget_usd')::float8, NULL, false
    FROM submissions s
    WHERE s.user_id = $1
      AND NOT EXISTS (SELECT FROM batches b WHERE b.batch_id = s.batch_id)
)
"""
# What is deleted is gone at once, whether or not that has been folded.
_SEEN = "NOT EXISTS (SELECT FROM deletions d WHERE d.batch_id = mine.batch_id)"
_GET = f"{_MINE} SELECT * FROM mine WHERE batch_id = $2 AND {_SEEN}"  # noqa: S608 - constants only
_PAGE = f"""{_MINE}
SELECT * FROM mine
WHERE ($2::text IS NULL OR state = $2)
  AND ($3::text IS NULL OR strpos(lower(name), lower($3)) > 0)
  AND ($4::timestamptz IS NULL OR (created_at, batch_id) < ($4, $5::uuid))
  AND batch_id <> $7 AND {_SEEN}
ORDER BY created_at DESC, batch_id DESC
LIMIT $6
"""  # noqa: S608 - constants only


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A row of `batches`, or what it will be."""

    batch_id: UUID
    name: str
    mode: Mode | None
    state: BatchState
    counts: BatchCounts
    provider_calls: int
    characters: int
    audio_seconds: float
    seq: int
    created_at: datetime
    started_at: datetime | None
    updated_at: datetime
    completed_at: datetime | None
    budget_usd: float | None = None
    # "user" or "budget"; only while it is paused.
    paused_because: str | None = None
    # Ordered, whether or not all of its jobs have ended.
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFilter:
    """Which batches of a user are wanted, and from where on."""

    state: BatchState | None = None
    search: str | None = None
    after: After | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class BatchStore:
    """Batches as the gateway may read them. The aggregator writes them."""

    database: Database

    async def get(self, user_id: UUID, batch_id: UUID) -> Batch | None:
        """Return the batch, or None where it is not there or not this user's."""
        row = await self.database.row(_GET, user_id, batch_id)
        return _batch(row) if row else None

    async def page(self, user_id: UUID, wanted: BatchFilter) -> list[Batch]:
        """Return batches, newest first."""
        after = wanted.after
        rows = await self.database.rows(
            _PAGE,
            user_id,
            wanted.state,
            wanted.search or None,
            after.created_at if after else None,
            after.id if after else None,
            wanted.limit,
            preloads_of(user_id),
        )
        return [_batch(row) for row in rows]


def preloads_of(user_id: UUID) -> UUID:
    """Return the batch that all preloads of a user are in; it is not listed."""
    return uuid5(user_id, "preloads")


def as_accepted(event: BatchesSubmitted) -> Batch:
    """Return the batch that `event` announces, at the moment it was accepted."""
    request = event.request
    return Batch(
        batch_id=event.batch_id,
        name=request.name if request else "",
        mode=request.mode if request else None,
        state=BatchState.QUEUED,
        counts=BatchCounts(total=event.total_jobs, queued=event.total_jobs),
        provider_calls=0,
        characters=0,
        audio_seconds=0.0,
        seq=0,
        created_at=event.occurred_at,
        started_at=None,
        updated_at=event.occurred_at,
        completed_at=None,
    )


def _batch(row: asyncpg.Record) -> Batch:
    fields: dict[str, Any] = dict(row)
    counts = {name: fields.pop(name) for name in ("total", *JobState)}
    return Batch(
        **fields
        | {
            "counts": BatchCounts(**counts),
            "mode": Mode(fields["mode"]) if fields["mode"] else None,
            "state": BatchState(fields["state"]),
        }
    )
