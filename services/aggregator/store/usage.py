"""Writing the table `usage`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.aggregator.store.database import Connection, rows

# A repeated event reports the same under the same id.
_INSERT = """
INSERT INTO usage (event_id, position, job_id, batch_id, user_id, language, stage, provider, model,
    domain, calls, input_tokens, output_tokens, characters, audio_seconds, cost_usd, at)
SELECT event_id, position, job_id, batch_id, user_id, language, stage, provider, model,
    domain, calls, input_tokens, output_tokens, characters, audio_seconds, cost_usd, at
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    event_id uuid, position smallint, job_id uuid, batch_id uuid, user_id uuid, language text,
    stage text, provider text, model text, domain text, calls int, input_tokens bigint,
    output_tokens bigint, characters bigint, audio_seconds float8, cost_usd float8, at timestamptz)
ON CONFLICT DO NOTHING
RETURNING job_id, provider, model, stage, calls, cost_usd
"""

_SPENT = """
SELECT b.batch_id, coalesce(u.usd, 0) AS usd FROM batches b
LEFT JOIN LATERAL (SELECT sum(cost_usd) AS usd FROM usage WHERE batch_id = b.batch_id) u ON true
WHERE b.completed_at IS NULL AND b.budget_usd IS NOT NULL
"""


async def spent(connection: Connection) -> dict[UUID, float]:
    """Return what the open batches that have a budget have spent, in US dollars."""
    return {row["batch_id"]: row["usd"] for row in await connection.fetch(_SPENT)}


async def insert(connection: Connection, bills: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what was spent; return what of it was not known yet."""
    return [dict(row) for row in await connection.fetch(_INSERT, rows(bills))]
