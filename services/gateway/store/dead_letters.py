"""The table `dead_letters`, as the aggregator folds it, and what was sent again of it."""

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from services.gateway.cursors import After
from services.gateway.store.database import Database

_SENT = "EXISTS (SELECT FROM redrives r WHERE r.letter_id = d.letter_id)"
_WHERE = f"""
    ($1::text IS NULL OR d.from_topic = $1) AND ($2::text IS NULL OR d.service = $2)
    AND ($3::text IS NULL OR d.code = $3) AND ($4::uuid IS NULL OR d.batch_id = $4)
    AND ($5::uuid IS NULL OR d.job_id = $5) AND ($6::timestamptz IS NULL OR d.dead_at >= $6)
    AND ($7::bool IS NULL OR {_SENT} = $7)
"""
_COLUMNS = f"""
    d.letter_id, d.topic, d.partition, d.at_offset, d.from_topic, d.from_partition,
    d.from_offset, d.from_at, d.service, d.version, d.kind, d.error, d.code, d.reason,
    d.attempts, d.first_at, d.dead_at, d.job_id, d.batch_id, d.user_id, d.run, d.redrives,
    d.bytes, d.elsewhere, {_SENT} AS sent_again
"""
_GET = f"SELECT {_COLUMNS} FROM dead_letters d WHERE d.letter_id = $1"  # noqa: S608 - constants
_PAGE = f"""
SELECT {_COLUMNS} FROM dead_letters d
WHERE {_WHERE} AND ($8::timestamptz IS NULL OR (d.dead_at, d.letter_id) < ($8, $9::uuid))
ORDER BY d.dead_at DESC, d.letter_id DESC LIMIT $10
"""  # noqa: S608 - constants only, here and below
# A job that has completed, was cancelled or is on its way again is not touched: what failed
# is history. Letters of the aggregator are about its own tables, whatever became of the job.
_VERDICTS = f"""
WITH last AS (
    SELECT letter_id, max(number) AS number FROM redrives GROUP BY letter_id
), verdicts AS (
    SELECT d.letter_id, coalesce(last.number, 0) + 1 AS number,
        CASE WHEN d.job_id IS NOT NULL AND d.service <> 'aggregator'
            THEN greatest(j.run, d.run) + 1 END AS run,
        CASE
            WHEN last.number IS NOT NULL AND NOT $8 THEN 'already'
            WHEN d.service <> 'aggregator' AND j.job_id IS NOT NULL
                AND (j.state <> 'failed' OR (j.run > d.run AND NOT $8)) THEN 'moved_on'
            ELSE 'redriven'
        END AS verdict
    FROM dead_letters d
    LEFT JOIN last USING (letter_id)
    LEFT JOIN jobs j ON j.job_id = d.job_id
    WHERE {_WHERE} AND ($9::uuid[] IS NULL OR d.letter_id = ANY($9))
)
"""  # noqa: S608 - as above
_COUNTS = """
SELECT count(*) FILTER (WHERE verdict = 'redriven') AS redriven,
    count(*) FILTER (WHERE verdict = 'already') AS already,
    count(*) FILTER (WHERE verdict = 'moved_on') AS moved_on
FROM verdicts
"""
_TRY = f"{_VERDICTS} {_COUNTS}"
_CLAIM = f"""
{_VERDICTS}, made AS (
    INSERT INTO redrives (letter_id, number, requested_by, run)
    SELECT letter_id, number, $10, run FROM verdicts WHERE verdict = 'redriven'
    ON CONFLICT DO NOTHING RETURNING letter_id
), counts AS ({_COUNTS})
SELECT (SELECT count(*) FROM made) AS redriven,
    -- Another request was faster.
    already + redriven - (SELECT count(*) FROM made) AS already, moved_on
FROM counts
"""  # noqa: S608 - as above


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A row of `dead_letters`."""

    letter_id: UUID
    topic: str
    partition: int
    at_offset: int
    from_topic: str
    from_partition: int | None
    from_offset: int | None
    from_at: datetime | None
    service: str
    version: str
    kind: str
    error: str
    code: str
    reason: str
    attempts: int
    first_at: datetime | None
    dead_at: datetime
    job_id: UUID | None
    batch_id: UUID | None
    user_id: UUID | None
    run: int
    redrives: int
    bytes: int
    elsewhere: bool
    sent_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFilter:
    """Which dead letters are meant; None: all."""

    topic: str | None = None
    service: str | None = None
    code: str | None = None
    batch_id: UUID | None = None
    job_id: UUID | None = None
    since: datetime | None = None
    redriven: bool | None = None

    def values(self) -> tuple[object, ...]:
        """Return the arguments $1 to $7."""
        return tuple(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class RedriveOrder:
    """What is to be sent again.

    Attributes:
        ids: These, of those that the filter lets through.
        again: Also what was sent again before.
        try_only: Count, and do nothing.
    """

    wanted: LetterFilter
    ids: list[UUID] | None = None
    again: bool = False
    try_only: bool = False
    by: UUID


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What became of an order, in dead letters."""

    redriven: int
    already: int
    moved_on: int


@dataclass(frozen=True, slots=True)
class DeadLetterStore:
    """What was put aside."""

    database: Database

    async def get(self, letter_id: UUID) -> DeadLetter | None:
        """Return one, or None."""
        row = await self.database.row(_GET, letter_id)
        return DeadLetter(**row) if row else None

    async def page(self, wanted: LetterFilter, after: After | None, limit: int) -> list[DeadLetter]:
        """Return dead letters, newest first."""
        where = (after.created_at, after.id) if after else (None, None)
        rows = await self.database.rows(_PAGE, *wanted.values(), *where, limit)
        return [DeadLetter(**row) for row in rows]

    async def redrive(self, order: RedriveOrder) -> Verdicts:
        """Mark what is to be sent again, each at most once more; return how much."""
        args = (*order.wanted.values(), order.again, order.ids)
        row = await (
            self.database.row(_TRY, *args)
            if order.try_only
            else self.database.row(_CLAIM, *args, order.by)
        )
        return Verdicts(**row) if row else Verdicts(0, 0, 0)
