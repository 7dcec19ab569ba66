"""Writing the table `usage`."""

from collections.abc import Sequence
from typing import Any

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


async def insert(connection: Connection, spent: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add what was spent; return what of it was not known yet."""
    return [dict(row) for row in await connection.fetch(_INSERT, rows(spent))]
