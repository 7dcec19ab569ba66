"""A batch of many jobs in all states, which nobody works on."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from shared.catalogue import languages

CODES = [language.code for language in languages() if len(language.code) == 5][:50]
# A batch as it stands in the middle: of ten jobs two have failed, three are done.
STATES = ("completed", "queued", "failed", "completed", "narrating", "queued", "completed")

BATCH = """
INSERT INTO batches (batch_id, user_id, name, mode, state, total, queued, completed, failed,
                     narrating, started_at, dirty)
VALUES ($1, $2, 'Stories of the world', 'matrix', $4, $3, $3, 0, 0, 0, now(), false)
"""
JOBS = """
INSERT INTO jobs (job_id, batch_id, user_id, position, title, language, state, waiting,
                  audio_seconds, characters, error_stage, error_code, error)
SELECT gen_random_uuid(), $1, $2, at, 'The story of number ' || (at / $4), codes[1 + at % $4],
       states[1 + at % 7], false, 30 + at % 600, 900,
       CASE WHEN at % 7 = 2 THEN 'narrator' END, CASE WHEN at % 7 = 2 THEN 'refused' END,
       CASE WHEN at % 7 = 2 THEN 'the voice refuses this text' END
FROM generate_series(0, $3 - 1) AS at,
     (SELECT $5::text[] AS codes, $6::text[] AS states) AS given
"""
COUNTS = """
UPDATE batches SET budget_usd = 2, queued = found.queued, narrating = found.narrating,
                   completed = found.completed, failed = found.failed
FROM (SELECT count(*) FILTER (WHERE state = 'queued') AS queued,
             count(*) FILTER (WHERE state = 'narrating') AS narrating,
             count(*) FILTER (WHERE state = 'completed') AS completed,
             count(*) FILTER (WHERE state = 'failed') AS failed
      FROM jobs WHERE batch_id = $1) AS found
WHERE batch_id = $1
"""


async def fill(database_url: str, email: str, jobs: int, state: str = "running") -> UUID:
    """Write a batch of so many jobs, which nobody works on; return its id."""
    connection = await asyncpg.connect(database_url)
    try:
        user_id = await connection.fetchval("SELECT user_id FROM users WHERE email = $1", email)
        batch_id = uuid4()
        await connection.execute(BATCH, batch_id, user_id, jobs, state)
        await connection.execute(JOBS, batch_id, user_id, jobs, len(CODES), CODES, list(STATES))
        await connection.execute(COUNTS, batch_id)
        await connection.execute("ANALYZE jobs")
    finally:
        await connection.close()
    return batch_id


def alone(work: Coroutine[Any, Any, UUID]) -> UUID:
    """Return what `work` gives, from a thread of its own: the browser's loop runs in this one."""
    found: list[UUID] = []
    thread = threading.Thread(target=lambda: found.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return found[0]
