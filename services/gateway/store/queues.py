"""How much is waiting, over all users: what the aggregator's tables say."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.store.database import Database

# Of batches that have not ended only: their counts are kept, and need not be counted.
_OPEN = """
SELECT count(*) AS batches, coalesce(sum(waiting), 0)::bigint AS waiting,
    coalesce(sum(in_flight), 0)::bigint AS in_flight, coalesce(sum(parked), 0)::bigint AS parked,
    coalesce(sum(scripting), 0)::bigint AS scripting,
    coalesce(sum(adapting), 0)::bigint AS adapting,
    coalesce(sum(awaiting_review), 0)::bigint AS awaiting_review,
    coalesce(sum(narrating), 0)::bigint AS narrating
FROM batches WHERE completed_at IS NULL
"""
_DEAD = "SELECT count(*) AS dead_letters FROM dead_letters"
_UNPUBLISHED = "SELECT count(*) AS unpublished FROM submissions WHERE published_at IS NULL"


@dataclass(frozen=True, slots=True)
class QueueStore:
    """What waits."""

    database: Database

    async def sizes(self) -> Mapping[str, int]:
        """Return how many batches are open, and how many of their jobs are where."""
        found: dict[str, int] = {}
        for sql in (_OPEN, _DEAD, _UNPUBLISHED):
            row = await self.database.row(sql)
            found |= dict(row) if row else {}
        return found
