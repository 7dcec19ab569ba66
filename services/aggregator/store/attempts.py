"""Writing the table `job_attempts`."""

from collections.abc import Sequence
from typing import Any

from services.aggregator.store.database import Connection, rows

# A repeated event tells of the same tries under the same id.
_INSERT = """
INSERT INTO job_attempts (event_id, position, job_id, run, stage, at, code, reason, delay_seconds)
SELECT event_id, position, job_id, run, stage, at, code, reason, delay_seconds
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    event_id uuid, position smallint, job_id uuid, run int, stage text, at timestamptz,
    code text, reason text, delay_seconds float8)
ON CONFLICT DO NOTHING
"""


async def insert(connection: Connection, attempts: Sequence[dict[str, Any]]) -> None:
    """Add tries."""
    await connection.execute(_INSERT, rows(attempts))
