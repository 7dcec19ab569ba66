"""The tables `spoken_texts` and `read_cuts`: what was spoken for a user, to be found again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from services.gateway.store.database import Database
from services.gateway.trigrams import trigrams
from shared.vocabulary import ArtefactRef

# The newest first: what is not read yet is read by the next search.
_UNREAD = """
SELECT j.job_id, j.language, j.voice, j.completed_at, j.cut::text
FROM jobs j LEFT JOIN read_cuts r ON r.job_id = j.job_id AND r.cut_sha256 = j.cut ->> 'sha256'
WHERE j.user_id = $1 AND j.cut IS NOT NULL AND j.voice IS NOT NULL
  AND j.completed_at IS NOT NULL AND r.job_id IS NULL
  AND NOT EXISTS (SELECT FROM deletions d WHERE d.batch_id = j.batch_id)
ORDER BY j.created_at DESC LIMIT $2
"""
_ADD = """
INSERT INTO spoken_texts
    (user_id, voice, text_sha256, language, text, job_id, spoken_at, trigrams, size)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::int[], cardinality($8::int[]))
ON CONFLICT (user_id, voice, text_sha256) DO UPDATE SET
    job_id = excluded.job_id, spoken_at = excluded.spoken_at
"""
_READ = """
INSERT INTO read_cuts (job_id, cut_sha256) VALUES ($1, $2)
ON CONFLICT (job_id) DO UPDATE SET cut_sha256 = excluded.cut_sha256
"""
# Two texts of which one is much longer cannot be alike: their sizes say so before they are read.
_SIMILAR = """
SELECT text, language, voice, job_id, spoken_at,
    shared::float8 / (size + cardinality($2::int[]) - shared) AS similarity
FROM (
    SELECT *, (SELECT count(*) FROM unnest(trigrams) AS t WHERE t = ANY ($2::int[])) AS shared
    FROM spoken_texts
    WHERE user_id = $1 AND ($4::text IS NULL OR language = $4)
      AND size BETWEEN ceil(cardinality($2::int[]) * $3::float8 - 0.001)
                   AND floor(cardinality($2::int[]) / $3::float8 + 0.001)
) AS sized
WHERE shared::float8 / (size + cardinality($2::int[]) - shared) >= $3
ORDER BY similarity DESC, spoken_at DESC LIMIT $5
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadCut:
    """A job whose texts are not in the table."""

    job_id: UUID
    language: str
    voice: str
    spoken_at: datetime
    cut: ArtefactRef


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenText:
    """A segment that was spoken for this user, and how like the text it is."""

    text: str
    language: str
    voice: str
    job_id: UUID
    spoken_at: datetime
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What a text must be like.

    Attributes:
        threshold: Above 0, at most 1: the share of trigrams that both must have.
    """

    text: str
    threshold: float
    language: str | None = None
    limit: int = 10


@dataclass(frozen=True, slots=True)
class SpokenTextStore:
    """What was spoken. Nobody finds what was spoken for somebody else."""

    database: Database

    async def unread(self, user_id: UUID, limit: int) -> list[UnreadCut]:
        """Return jobs of a user whose texts are not here yet, the newest first."""
        rows = await self.database.rows(_UNREAD, user_id, limit)
        return [
            UnreadCut(
                job_id=row["job_id"],
                language=row["language"],
                voice=row["voice"],
                spoken_at=row["completed_at"],
                cut=ArtefactRef.model_validate_json(row["cut"]),
            )
            for row in rows
        ]

    async def add(self, user_id: UUID, of: UnreadCut, texts: Iterable[str]) -> None:
        """Keep the segments of a job. Repeating it changes nothing."""
        for text in texts:
            found = trigrams(text)
            if found:
                digest = sha256(text.encode()).digest()
                place = (user_id, of.voice, digest, of.language, text, of.job_id)
                await self.database.run(_ADD, *place, of.spoken_at, found)
        await self.database.run(_READ, of.job_id, of.cut.sha256)

    async def similar(self, user_id: UUID, wanted: Likeness) -> Sequence[SpokenText]:
        """Return what is like a text, the most alike first."""
        found = trigrams(wanted.text)
        if not found:
            return []
        rows = await self.database.rows(
            _SIMILAR, user_id, found, wanted.threshold, wanted.language, wanted.limit
        )
        return [SpokenText(**row) for row in rows]
