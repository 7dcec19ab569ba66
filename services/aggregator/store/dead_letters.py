"""Writing the table `dead_letters`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.aggregator.store.database import Connection, rows

_COLUMNS = """letter_id, topic, partition, at_offset, from_topic, from_partition, from_offset,
    from_at, service, version, kind, error, code, reason, attempts, first_at, dead_at,
    event_id, job_id, batch_id, user_id, run, redrives, bytes, elsewhere"""
_INSERT = f"""
INSERT INTO dead_letters ({_COLUMNS})
SELECT {_COLUMNS}
FROM jsonb_to_recordset($1::text::jsonb) AS u(
    letter_id uuid, topic text, partition int, at_offset bigint, from_topic text,
    from_partition int, from_offset bigint, from_at timestamptz, service text, version text,
    kind text, error text, code text, reason text, attempts int, first_at timestamptz,
    dead_at timestamptz, event_id uuid, job_id uuid, batch_id uuid, user_id uuid, run int,
    redrives int, bytes int, elsewhere boolean)
ON CONFLICT DO NOTHING
"""  # noqa: S608 - columns are our own
_SWEEP = """
DELETE FROM dead_letters
WHERE ctid = ANY(ARRAY(SELECT ctid FROM dead_letters WHERE dead_at < $1 LIMIT 10000))
"""


async def insert(connection: Connection, letters: Sequence[dict[str, Any]]) -> None:
    """Add dead letters; those that are there stay as they are."""
    await connection.execute(_INSERT, rows(letters))


async def sweep(connection: Connection, before: datetime) -> bool:
    """Delete old ones, which Kafka does not keep either; return whether there may be more."""
    return bool(await connection.execute(_SWEEP, before) == "DELETE 10000")
