"""The table `usage`, summed up."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from services.gateway.store.database import Database

_OF_BATCH = """
SELECT stage, provider, model, language, sum(calls)::bigint AS calls,
       sum(input_tokens)::bigint AS input_tokens, sum(output_tokens)::bigint AS output_tokens,
       sum(characters)::bigint AS characters, sum(audio_seconds) AS audio_seconds,
       sum(cost_usd) AS cost_usd
FROM usage WHERE user_id = $1 AND batch_id = $2
GROUP BY stage, provider, model, language
ORDER BY stage, provider, model, language
"""


_OF_JOBS = """
SELECT job_id, sum(cost_usd) AS cost_usd FROM usage
WHERE user_id = $1 AND batch_id = $2 AND job_id = ANY($3::uuid[]) GROUP BY job_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one provider was called for, in one stage and language."""

    stage: str
    provider: str
    model: str
    language: str
    calls: int
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: float
    cost_usd: float


@dataclass(frozen=True, slots=True)
class UsageStore:
    """What was spent. The aggregator writes it."""

    database: Database

    async def of_batch(self, user_id: UUID, batch_id: UUID) -> list[Spent]:
        """Return what a batch has cost so far."""
        rows = await self.database.rows(_OF_BATCH, user_id, batch_id)
        return [Spent(**dict(row)) for row in rows]

    async def of_jobs(
        self, user_id: UUID, batch_id: UUID, job_ids: Collection[UUID]
    ) -> dict[UUID, float]:
        """Return what each of these jobs has cost; those that cost nothing are left out."""
        rows = await self.database.rows(_OF_JOBS, user_id, batch_id, list(job_ids))
        return {row["job_id"]: row["cost_usd"] for row in rows}
