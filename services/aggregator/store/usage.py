"""Writing the table `usage`."""

from collections.abc import Sequence
from uuid import UUID

from services.aggregator.spending import Expense
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
_INSERT = f"""
INSERT INTO usage ({_NAMES}) SELECT {_NAMES} FROM {_SPENT_NOW.rows}
ON CONFLICT DO NOTHING
"""  # noqa: S608 - columns of our own
# What the transaction we are in has inserted, of these.
_NEW = """
SELECT event_id, position FROM usage
WHERE event_id = ANY($1::uuid[]) AND xmin = pg_current_xact_id()::xid
"""
_SPENT = """
SELECT b.batch_id, coalesce(u.usd, 0) AS usd FROM batches b
LEFT JOIN LATERAL (SELECT sum(cost_usd) AS usd FROM usage WHERE batch_id = b.batch_id) u ON true
WHERE b.completed_at IS NULL AND b.budget_usd IS NOT NULL
"""


async def spent(connection: Connection) -> dict[UUID, float]:
    """Return what the open batches that have a budget have spent, in US dollars."""
    return {row["batch_id"]: row["usd"] for row in await connection.fetch(_SPENT)}


async def insert(connection: Connection, bills: Sequence[Expense]) -> Sequence[Expense]:
    """Add what was spent; return what of it was not known yet.

    Not the same event twice in one transaction.
    """
    status: str = await connection.execute(_INSERT, *_SPENT_NOW.of(bills))
    if status == f"INSERT 0 {len(bills)}":
        # Nearly always: asking for the rows that were inserted costs as much as inserting.
        return bills
    found = await connection.fetch(_NEW, {bill.event_id for bill in bills})
    new = {(row["event_id"], row["position"]) for row in found}
    # The same event may be there twice in one portion, and told differently by two processes that
    # worked on it: the row is the first.
    first = {_place(bill): bill for bill in reversed(bills)}
    return [bill for place, bill in first.items() if place in new]


def _place(bill: Expense) -> tuple[UUID, int]:
    return bill.event_id, bill.position
