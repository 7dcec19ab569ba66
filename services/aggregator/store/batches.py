"""Writing the table `batches`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.aggregator.store.database import Connection, rows
from services.aggregator.tally import Batch, Change
from shared.vocabulary import BatchState, JobState

_INSERT = """
INSERT INTO batches (batch_id, user_id, name, mode, request, agent, options, budget_usd,
    created_at, updated_at)
SELECT batch_id, user_id, name, mode, request, agent, options,
    (options ->> 'budget_usd')::float8, created_at, created_at
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    batch_id uuid, user_id uuid, name text, mode text, request jsonb, agent jsonb, options jsonb,
    created_at timestamptz
)
ORDER BY batch_id
ON CONFLICT (batch_id) DO NOTHING
"""
# Jobs or orders of a batch may arrive before its request: it was implicit until now.
_ADOPT = """
UPDATE batches b SET
    user_id = u.user_id, name = u.name, mode = u.mode, request = u.request, agent = u.agent,
    options = u.options, budget_usd = coalesce(b.budget_usd, (u.options ->> 'budget_usd')::float8),
    created_at = u.created_at, dirty = true
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    batch_id uuid, user_id uuid, name text, mode text, request jsonb, agent jsonb, options jsonb,
    created_at timestamptz
)
WHERE b.batch_id = u.batch_id AND b.mode IS NULL
"""
_LOCK = """
SELECT batch_id, user_id, name, mode, state, paused, resumed_at, budget_usd, cancelled_by,
       cancelled_at, queued, scripting, adapting, awaiting_review, narrating, completed, failed,
       cancelled, waiting, in_flight, parked, budget_waits, provider_calls, characters,
       audio_seconds, endings, created_at, started_at, updated_at, completed_at
FROM batches WHERE batch_id = ANY($1::uuid[])
ORDER BY batch_id
FOR NO KEY UPDATE
"""
_LAST = """
SELECT batch_id, max(completed_at) AS last FROM jobs WHERE batch_id = ANY($1::uuid[])
GROUP BY batch_id
"""
_UPDATE = """
UPDATE batches b SET
    user_id = u.user_id, name = u.name, created_at = u.created_at,
    state = u.state, paused = u.paused, resumed_at = u.resumed_at, budget_usd = u.budget_usd,
    cancelled_by = u.cancelled_by, cancelled_at = u.cancelled_at,
    total = u.total, queued = u.queued, scripting = u.scripting, adapting = u.adapting,
    awaiting_review = u.awaiting_review, narrating = u.narrating, completed = u.completed,
    failed = u.failed, cancelled = u.cancelled, waiting = u.waiting,
    in_flight = u.in_flight, parked = u.parked, budget_waits = u.budget_waits,
    provider_calls = u.provider_calls, characters = u.characters, audio_seconds = u.audio_seconds,
    endings = u.endings, started_at = u.started_at, completed_at = u.completed_at,
    updated_at = u.updated_at, dirty = true
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    batch_id uuid, user_id uuid, name text, created_at timestamptz, updated_at timestamptz,
    state text, paused boolean, resumed_at timestamptz, budget_usd float8,
    cancelled_by uuid, cancelled_at timestamptz, parked int, budget_waits int,
    total int, queued int, scripting int, adapting int, awaiting_review int, narrating int,
    completed int, failed int,
    cancelled int, waiting int, in_flight int, provider_calls bigint, characters bigint,
    audio_seconds double precision, endings int, started_at timestamptz, completed_at timestamptz
)
WHERE b.batch_id = u.batch_id
"""


async def insert(connection: Connection, batches: Sequence[dict[str, Any]]) -> None:
    """Insert those batches that are not there."""
    await connection.execute(_INSERT, rows(batches))


async def adopt(connection: Connection, batches: Sequence[dict[str, Any]]) -> None:
    """Give implicit batches the request that arrived after their jobs. Their locks are held."""
    await connection.execute(_ADOPT, rows(batches))


async def settle(connection: Connection, changes: Mapping[UUID, Change]) -> list[Batch]:
    """Move the counts and states of batches; the last thing that a transaction locks."""
    batches: list[Batch] = []
    for row in await connection.fetch(_LOCK, list(changes)):
        batch = _batch(row)
        batch.apply(changes[batch.batch_id])
        batches.append(batch)
    lasts = await _lasts(connection, [batch.batch_id for batch in batches if batch.has_ended])
    for batch in batches:
        batch.end(lasts.get(batch.batch_id))
    await connection.execute(_UPDATE, rows([_row(batch) for batch in batches]))
    return batches


async def _lasts(connection: Connection, ended: list[UUID]) -> dict[UUID, datetime]:
    found = await connection.fetch(_LAST, ended) if ended else ()
    return {row["batch_id"]: row["last"] for row in found}


def _batch(row: Mapping[str, Any]) -> Batch:
    fields = {name: row[name] for name in Batch.__slots__ if name != "counts"}
    counts = Counter({state: row[state.value] for state in JobState})
    return Batch(**fields | {"state": BatchState(fields["state"]), "counts": counts})


def _row(batch: Batch) -> dict[str, Any]:
    fields = {name: getattr(batch, name) for name in Batch.__slots__ if name != "counts"}
    counts = {state.value: batch.counts[state] for state in JobState}
    return fields | counts | {"total": sum(counts.values())}
