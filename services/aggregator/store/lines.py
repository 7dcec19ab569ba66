"""Writing the table `job_log`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.aggregator.store.database import Connection, rows

_INSERT = """
INSERT INTO job_log (job_id, at, stage, message)
SELECT job_id, at, stage, message
FROM jsonb_to_recordset($1::text::jsonb) AS u(job_id uuid, at timestamptz, stage text, message text)
"""
# In portions: a table that was not swept for long must not hold up the fold.
_SWEEP = """
DELETE FROM job_log WHERE ctid = ANY(ARRAY(SELECT ctid FROM job_log WHERE at < $1 LIMIT 10000))
"""


async def insert(connection: Connection, lines: Sequence[dict[str, Any]]) -> None:
    """Add lines to jobs' logs."""
    await connection.execute(_INSERT, rows(lines))


async def sweep(connection: Connection, before: datetime) -> bool:
    """Delete old lines; return whether there may be more."""
    return bool(await connection.execute(_SWEEP, before) == "DELETE 10000")
