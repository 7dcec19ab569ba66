"""Writing the table `usage`."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from services.aggregator.store.columns import Columns
from services.aggregator.store.database import Connection

# A repeated event reports the same under the same id.
_SPENT_NOW = Columns("""
    event_id uuid, position smallint, job_id uuid, batch_id uuid, user_id uuid, language text,
    stage text, provider text, model text, domain text, calls int, input_tokens bigint,
    output_tokens bigint, characters bigint, audio_seconds float8, cost_usd float8,
    at timestamptz
""")
_NAMES = ", ".join(_SPENT_NOW.names)
_VALUES = itemgetter(*_SPENT_NOW.names)
_INSERT = f"""
INSERT INTO usage ({_NAMES}) SELECT {_NAMES} FROM {_SPENT_NOW.rows}
ON CONFLICT DO NOTHING
RETURNING job_id, provider, model, stage, calls, cost_usd
"""  # noqa: S608 - columns of our own
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
    arguments = _SPENT_NOW.of([_VALUES(bill) for bill in bills])
    return [dict(row) for row in await connection.fetch(_INSERT, *arguments)]
