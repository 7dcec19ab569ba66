"""What was made and spent in a period, summed up. Every statement is bounded by the period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.store.database import Database

# $1: whose; NULL: everybody's. $2 and $3: from when, and until when.
_MINE = "($1::uuid IS NULL OR user_id = $1)"
_USAGE = f"FROM usage WHERE {_MINE} AND at >= $2 AND at < $3"
_JOBS = f"FROM jobs WHERE {_MINE} AND created_at >= $2 AND created_at < $3"
_SPENT = """
    coalesce(sum(calls), 0)::bigint AS calls,
    coalesce(sum(input_tokens), 0)::bigint AS input_tokens,
    coalesce(sum(output_tokens), 0)::bigint AS output_tokens,
    coalesce(sum(characters), 0)::bigint AS characters,
    coalesce(sum(audio_seconds), 0)::float8 AS audio_seconds,
    coalesce(sum(cost_usd), 0)::float8 AS cost_usd
"""
_ENDED = """
    count(*) FILTER (WHERE state = 'completed') AS completed,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    count(*) FILTER (WHERE state = 'cancelled') AS cancelled
"""
# What usage may be grouped by, and the column that says it.
GROUPS = {
    "provider": "provider",
    "model": "provider || '/' || model",
    "language": "language",
    "stage": "stage",
    "project": "domain",
    "batch": "batch_id::text",
    "user": "user_id::text",
}
MOST_GROUPS = 200
_BY = """
SELECT {column} AS name, {spent} {usage} GROUP BY 1
ORDER BY cost_usd DESC, calls DESC, name LIMIT {most}
"""
_TREND = f"""
WITH buckets AS (
    SELECT generate_series(date_trunc($4, $2::timestamptz, 'UTC'), $3::timestamptz
        - interval '1 microsecond', ('1 ' || $4)::interval) AS at
), spent AS (
    SELECT date_trunc($4, at, 'UTC') AS at, {_SPENT} {_USAGE} GROUP BY 1
), made AS (
    SELECT date_trunc($4, created_at, 'UTC') AS at, count(*) AS jobs, {_ENDED},
        coalesce(sum(audio_seconds), 0)::float8 AS made_seconds
    {_JOBS} GROUP BY 1
)
SELECT at, coalesce(jobs, 0) AS jobs, coalesce(completed, 0) AS completed,
    coalesce(failed, 0) AS failed, coalesce(made_seconds, 0) AS audio_seconds,
    coalesce(calls, 0) AS calls, coalesce(characters, 0) AS characters,
    coalesce(cost_usd, 0) AS cost_usd
FROM buckets LEFT JOIN spent USING (at) LEFT JOIN made USING (at) ORDER BY at
"""  # noqa: S608 - constants only, here and below
_TOTALS = f"""
WITH made AS (
    SELECT count(*) AS jobs, {_ENDED}, count(DISTINCT batch_id) AS batches,
        count(DISTINCT language) AS languages, count(DISTINCT voice) AS voices,
        coalesce(sum(audio_seconds) FILTER (WHERE state = 'completed'), 0)::float8
            AS audio_seconds,
        count(*) FILTER (WHERE state = 'completed' AND provider_calls = 0) AS cached_jobs,
        percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (
            ORDER BY extract(epoch FROM completed_at - started_at)
        ) FILTER (WHERE state = 'completed') AS seconds
    {_JOBS}
), spent AS (
    SELECT coalesce(sum(calls), 0)::bigint AS calls, coalesce(sum(characters), 0)::bigint
        AS characters, coalesce(sum(cost_usd), 0)::float8 AS cost_usd {_USAGE}
)
SELECT * FROM made CROSS JOIN spent
"""  # noqa: S608 - as above
_LIKED = f"""
SELECT {{column}} AS name, count(*) AS jobs, {_ENDED},
    coalesce(sum(audio_seconds), 0)::float8 AS audio_seconds
{_JOBS} AND {{column}} IS NOT NULL GROUP BY 1 ORDER BY jobs DESC, name LIMIT $4
"""
_FAILURES = f"""
SELECT coalesce(error_stage, '') AS stage, coalesce(error_code, '') AS code, count(*) AS jobs,
    min(error) AS example
{_JOBS} AND state = 'failed' GROUP BY 1, 2 ORDER BY jobs DESC, stage, code LIMIT $4
"""
_TRIES = """
SELECT a.stage, a.code, count(*) AS tries, count(DISTINCT a.job_id) AS jobs,
    coalesce(sum(a.delay_seconds), 0)::float8 AS waited_seconds
FROM job_attempts a JOIN jobs j USING (job_id)
WHERE ($1::uuid IS NULL OR j.user_id = $1) AND j.created_at >= $2 AND j.created_at < $3
GROUP BY 1, 2 ORDER BY tries DESC, stage, code LIMIT $4
"""
# What may be liked: columns of `jobs`.
LIKED = ("language", "voice")

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whose, and which time.

    Attributes:
        user_id: None: everybody's.
    """

    user_id: UUID | None
    since: datetime
    until: datetime

    @property
    def values(self) -> tuple[object, ...]:
        """Return the arguments $1 to $3."""
        return self.user_id, self.since, self.until

    @property
    def before(self) -> "Period":
        """Return the period of the same length just before this one."""
        length = self.until - self.since
        return Period(user_id=self.user_id, since=self.since - length, until=self.since)


@dataclass(frozen=True, slots=True)
class AnalyticsStore:
    """Sums over `usage`, `jobs` and `job_attempts`, which the aggregator writes."""

    database: Database

    async def spent(self, period: Period, by: str) -> list[Row]:
        """Return what was spent, the most first.

        Args:
            period: Whose, and when.
            by: One of `GROUPS`.
        """
        sql = _BY.format(column=GROUPS[by], spent=_SPENT, usage=_USAGE, most=MOST_GROUPS)
        return await self._rows(sql, *period.values)

    async def trend(self, period: Period, interval: str) -> list[Row]:
        """Return one row for every "hour" or "day" (UTC), also where nothing happened."""
        return await self._rows(_TREND, *period.values, interval)

    async def totals(self, period: Period) -> Row:
        """Return one row over everything."""
        row = await self.database.row(_TOTALS, *period.values)
        return dict(row) if row else {}

    async def liked(self, period: Period, column: str, limit: int) -> list[Row]:
        """Return the languages or voices that most jobs have.

        Args:
            period: Whose, and when.
            column: One of `LIKED`.
            limit: How many.
        """
        if column not in LIKED:
            raise ValueError(f"{column} is not one of {', '.join(LIKED)}")
        sql = _LIKED.format(column=column)
        return await self._rows(sql, *period.values, limit)

    async def failures(self, period: Period, limit: int) -> list[Row]:
        """Return what jobs failed for, by stage and category."""
        return await self._rows(_FAILURES, *period.values, limit)

    async def tries(self, period: Period, limit: int) -> list[Row]:
        """Return what single tries failed or waited for, by stage and category."""
        return await self._rows(_TRIES, *period.values, limit)

    async def _rows(self, sql: str, *args: object) -> list[Row]:
        return [dict(row) for row in await self.database.rows(sql, *args)]
