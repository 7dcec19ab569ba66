"""What the progress loop reads and writes: batches that have news."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.aggregator.store.database import Connection
from shared.vocabulary import BatchState, JobState

# Raised before it is published, and in a transaction of its own: a number that somebody
# may have seen is never given to other content, whatever crashes.
_TAKE = """
WITH due AS MATERIALIZED (
    SELECT batch_id FROM batches
    WHERE (dirty OR published_seq < seq OR announced_ending < endings)
      AND CASE WHEN dirty
               THEN completed_at IS NOT NULL OR announced_at < clock_timestamp() - $1::interval
               ELSE announced_at < clock_timestamp() - $2::interval END
    LIMIT $3
    FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE batches b SET seq = seq + 1, announced_at = clock_timestamp(), dirty = false
FROM due WHERE b.batch_id = due.batch_id
RETURNING b.batch_id, b.user_id, b.seq, b.state, b.paused, b.budget_waits, b.budget_usd,
    b.queued, b.scripting, b.adapting,
    b.awaiting_review, b.narrating, b.completed, b.failed, b.cancelled, b.provider_calls,
    b.audio_seconds, b.endings, b.announced_ending, b.created_at, b.completed_at
"""
_LANGUAGES = """
SELECT batch_id, language, state, count(*) AS jobs
FROM jobs WHERE batch_id = ANY($1::uuid[])
GROUP BY batch_id, language, state
"""
_LOCK = "SELECT FROM batches WHERE batch_id = ANY($1::uuid[]) ORDER BY batch_id FOR NO KEY UPDATE"
_CONFIRM = """
UPDATE batches b SET
    published_seq = greatest(b.published_seq, u.seq),
    announced_ending = greatest(b.announced_ending, u.ending)
FROM unnest($1::uuid[], $2::bigint[], $3::int[]) AS u(batch_id, seq, ending)
WHERE b.batch_id = u.batch_id
"""

Languages = dict[str, dict[JobState, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """A batch as it is to be announced."""

    batch_id: UUID
    user_id: UUID
    seq: int
    state: BatchState
    paused: bool
    budget_waits: int
    budget_usd: float | None
    counts: Mapping[JobState, int]
    provider_calls: int
    audio_seconds: float
    endings: int
    announced_ending: int
    created_at: datetime
    completed_at: datetime | None

    @property
    def total(self) -> int:
        """Return how many jobs it has."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long a batch rests between announcements, in seconds.

    Attributes:
        news: When something changed.
        retry: When Kafka is not known to have the last one: whoever took it may be at it still.
    """

    news: float = 0.95
    retry: float = 20.0


async def take(connection: Connection, pauses: Pauses, limit: int) -> list[Announcement]:
    """Return batches with news, each under a new sequence number."""
    news, retry = timedelta(seconds=pauses.news), timedelta(seconds=pauses.retry)
    return [_announcement(row) for row in await connection.fetch(_TAKE, news, retry, limit)]


async def languages(connection: Connection, batch_ids: Collection[UUID]) -> dict[UUID, Languages]:
    """Return how many jobs of each batch stand where, by language."""
    found: dict[UUID, Languages] = {batch_id: defaultdict(dict) for batch_id in batch_ids}
    for row in await connection.fetch(_LANGUAGES, list(batch_ids)):
        found[row["batch_id"]][row["language"]][JobState(row["state"])] = row["jobs"]
    return found


async def confirm(connection: Connection, announced: Sequence[Announcement]) -> None:
    """Note that Kafka has these."""
    batch_ids = [each.batch_id for each in announced]
    await connection.execute(_LOCK, batch_ids)
    await connection.execute(
        _CONFIRM, batch_ids, [each.seq for each in announced], [each.endings for each in announced]
    )


def _announcement(row: Mapping[str, Any]) -> Announcement:
    fields = {
        name: row[name] for name in Announcement.__dataclass_fields__ if name not in {"counts"}
    }
    counts = Counter({state: row[state.value] for state in JobState})
    return Announcement(**fields | {"state": BatchState(row["state"]), "counts": counts})
