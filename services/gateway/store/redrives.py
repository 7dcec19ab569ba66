"""The table `redrives`: what is to be sent again, and what has been."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.gateway.store.database import Database

# In the order in which they lie in Kafka. A process that dies with some loses them again.
_TAKE = """
UPDATE redrives r SET taken_at = now()
FROM (
    SELECT w.letter_id, w.number, d.topic, d.partition, d.at_offset, d.from_topic,
        d.from_partition, d.from_offset, d.service, d.elsewhere, d.event_id, d.job_id
    FROM redrives w JOIN dead_letters d USING (letter_id)
    WHERE w.outcome IS NULL AND (w.taken_at IS NULL OR w.taken_at < now() - interval '60 s')
    ORDER BY d.topic, d.partition, d.at_offset
    LIMIT $1 FOR UPDATE OF w SKIP LOCKED
) d
WHERE r.letter_id = d.letter_id AND r.number = d.number
RETURNING d.*, r.run, r.requested_at
"""
_SETTLE = """
UPDATE redrives r SET outcome = u.outcome, settled_at = now()
FROM unnest($1::uuid[], $2::int[], $3::text[]) AS u(letter_id, number, outcome)
WHERE r.letter_id = u.letter_id AND r.number = u.number
"""
_PUT_BACK = """
UPDATE redrives r SET taken_at = NULL
FROM unnest($1::uuid[], $2::int[]) AS u(letter_id, number)
WHERE r.letter_id = u.letter_id AND r.number = u.number AND r.outcome IS NULL
"""
_OF = """
SELECT number, requested_by, requested_at, run, outcome, settled_at FROM redrives
WHERE letter_id = $1 ORDER BY number
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A dead letter that is to be sent again now."""

    letter_id: UUID
    number: int
    topic: str
    partition: int
    at_offset: int
    from_topic: str
    from_partition: int | None
    from_offset: int | None
    service: str
    elsewhere: bool
    event_id: UUID | None
    job_id: UUID | None
    run: int | None
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrive:
    """One time that a dead letter was sent again."""

    number: int
    requested_by: UUID
    requested_at: datetime
    run: int | None
    outcome: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class RedriveStore:
    """What was asked to be sent again."""

    database: Database

    async def take(self, limit: int) -> list[Due]:
        """Take some that nobody else has, for a minute."""
        return [Due(**row) for row in await self.database.rows(_TAKE, limit)]

    async def settle(self, outcomes: list[tuple[Due, str]]) -> None:
        """Remember what became of them."""
        await self.database.run(
            _SETTLE,
            [due.letter_id for due, _ in outcomes],
            [due.number for due, _ in outcomes],
            [outcome for _, outcome in outcomes],
        )

    async def put_back(self, dues: list[Due]) -> None:
        """Let others take them at once."""
        await self.database.run(
            _PUT_BACK, [due.letter_id for due in dues], [due.number for due in dues]
        )

    async def of(self, letter_id: UUID) -> list[Redrive]:
        """Return every time a dead letter was sent again."""
        return [Redrive(**row) for row in await self.database.rows(_OF, letter_id)]
