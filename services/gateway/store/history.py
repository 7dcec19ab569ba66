"""What was made and spent before, out of the tables `jobs`, `batches` and `usage`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

from services.gateway.store.database import Database
from shared.vocabulary import Options

# A job is billed in several rows where several projects served it. And what a job that found
# most of its speech in the store took says nothing about the next.
_LIVES = """
WITH bills AS (
    SELECT job_id, batch_id, stage, provider, model, language, sum(calls) AS calls,
           sum(characters) AS characters, sum(input_tokens) AS input_tokens,
           sum(output_tokens) AS output_tokens, sum(audio_seconds) AS audio_seconds
    FROM (SELECT * FROM usage WHERE at > now() - $1::interval ORDER BY at DESC LIMIT $2) AS recent
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT u.stage, u.provider, u.model, u.language, coalesce(j.voice, '') AS voice,
       b.request ->> 'script_language' AS script_language,
       coalesce(j.options, b.options)::text AS options, count(*)::int AS jobs,
       sum(u.calls)::float AS calls, sum(u.characters)::float AS characters,
       sum(u.input_tokens)::float AS input_tokens, sum(u.output_tokens)::float AS output_tokens,
       sum(u.audio_seconds)::float AS audio_seconds,
       avg(extract(epoch FROM j.completed_at - j.started_at))::float AS seconds
FROM bills u
JOIN jobs j ON j.job_id = u.job_id
JOIN batches b ON b.batch_id = u.batch_id
WHERE b.request IS NOT NULL AND j.state = 'completed'
  AND (u.stage <> 'narrator' OR u.characters >= 0.9 * j.characters)
GROUP BY 1, 2, 3, 4, 5, 6, 7
"""
# The md5 is what the index is made of: titles are long, and wanted by the thousand.
_TOLD = """
SELECT j.title, j.variation, j.aspect, j.language, j.voice, j.adapted IS NOT NULL AS adapted,
       j.state = 'completed' AS spoken, coalesce(j.options, b.options)::text AS options
FROM jobs j JOIN batches b ON b.batch_id = j.batch_id
WHERE j.user_id = $1 AND md5(j.title) = ANY($2::text[]) AND j.title = ANY($3::text[])
  AND j.script IS NOT NULL AND b.agent ->> 'sha256' = $4
ORDER BY j.updated_at DESC LIMIT $5
"""
MOST_TOLD = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A job that was written, and how far it came."""

    title: str
    variation: int
    aspect: str
    language: str
    voice: str | None
    adapted: bool
    spoken: bool
    options: Options


@dataclass(frozen=True, slots=True)
class HistoryStore:
    """What was made and spent. The aggregator writes it."""

    database: Database

    async def lives(self, *, within: timedelta, limit: int) -> list[dict[str, Any]]:
        """Return what jobs took of late, summed up over those that were asked for alike."""
        return [_with_options(row) for row in await self.database.rows(_LIVES, within, limit)]

    async def told(self, user_id: UUID, titles: Collection[str], agent_sha256: str) -> list[Told]:
        """Return what an agent told this user of these titles before."""
        names = [md5(title.encode(), usedforsecurity=False).hexdigest() for title in titles]
        rows = await self.database.rows(
            _TOLD, user_id, names, list(titles), agent_sha256, MOST_TOLD
        )
        return [Told(**_with_options(row)) for row in rows]


def _with_options(row: Any) -> dict[str, Any]:
    fields = dict(row)
    text = fields["options"]
    fields["options"] = Options.model_validate_json(text) if text else Options()
    return fields
