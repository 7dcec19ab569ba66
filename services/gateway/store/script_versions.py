"""The table `script_versions`: the texts that a job has had by its user's hand.

A version has the number of the run that speaks it, so that of two edits at one moment one
wins and the other is told.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import asyncpg

from services.gateway.store.database import Database
from services.gateway.store.works import Work
from shared.vocabulary import ArtefactRef

Origin = Literal["original", "edited", "reverted", "imported"]

_ORIGINAL = """
INSERT INTO script_versions (job_id, version, user_id, script, origin, run)
VALUES ($1, $2, $3, $4::text::jsonb, 'original', $2)
ON CONFLICT (job_id, version) DO NOTHING
"""
# A run whose event never got out may be claimed again; so may a text that is not approved yet.
_CLAIM = """
INSERT INTO script_versions AS v (job_id, version, user_id, script, origin, run)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6)
ON CONFLICT (job_id, version) DO UPDATE SET
    script = excluded.script, origin = excluded.origin, created_at = now()
    WHERE $6::integer IS NULL OR v.created_at < now() - interval '1 minute'
       OR v.script = excluded.script
RETURNING version
"""
_ALL = """
SELECT version, script::text, origin, created_at FROM script_versions
WHERE user_id = $1 AND job_id = $2 ORDER BY version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptVersion:
    """A text that a job has or had."""

    version: int
    script: ArtefactRef
    origin: Origin
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ScriptVersionStore:
    """Every text that a user wrote over one of ours."""

    database: Database

    async def keep_original(self, work: Work, script: ArtefactRef) -> None:
        """Keep the text of a job before its first edit."""
        await self.database.run(
            _ORIGINAL, work.job_id, work.run, work.user_id, script.model_dump_json()
        )

    async def claim(
        self, work: Work, script: ArtefactRef, *, origin: Origin, begins: bool
    ) -> int | None:
        """Return the version that `script` is now; None where another text is that version.

        Args:
            work: The job.
            script: Its text.
            origin: How the text came to be.
            begins: Whether a run begins with it; else it waits to be approved in this one.
        """
        version = work.run + 1 if begins else work.run
        row = await self.database.row(
            _CLAIM,
            work.job_id,
            version,
            work.user_id,
            script.model_dump_json(),
            origin,
            version if begins else None,
        )
        return version if row else None

    async def all(self, user_id: UUID, job_id: UUID) -> list[ScriptVersion]:
        """Return a job's versions, oldest first; none where its text was never edited."""
        return [_version(row) for row in await self.database.rows(_ALL, user_id, job_id)]


def _version(row: asyncpg.Record) -> ScriptVersion:
    script = ArtefactRef.model_validate_json(row["script"])
    return ScriptVersion(**{**dict(row), "script": script})
