"""Writing the table `usage`."""

from collections import Counter
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
RETURNING job_id, calls
"""


async def insert(connection: Connection, spent: Sequence[dict[str, Any]]) -> Counter[UUID]:
    """Add what was spent; return the provider calls of each job that were not known yet."""
    calls: Counter[UUID] = Counter()
    for row in await connection.fetch(_INSERT, rows(spent)):
        calls[row["job_id"]] += row["calls"]
    return calls
