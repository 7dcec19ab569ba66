from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.store.database import Database
from services.gateway.store.history import HistoryStore
from shared.postgres import open_pool

pytestmark = pytest.mark.connected

BATCH = """
INSERT INTO batches (batch_id, user_id, request) VALUES ($1, $1, '{"script_language": "pt-BR"}')
"""
JOB = """
INSERT INTO jobs (job_id, batch_id, user_id, position, title, language, voice, state, characters)
VALUES ($1, $1, $1, 0, 'Bees', 'pt-BR', 'espeak:pt-BR', 'completed', 1000)
"""
BILL = """
INSERT INTO usage
VALUES ($1, $2, $3, $3, $3, 'pt-BR', $4, 'google', 'm', $5, $6, 10, 10, $7, 1, 0.1, now())
"""


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


async def a_job(database: Database) -> UUID:
    job = uuid4()
    await database.run(BATCH, job)
    await database.run(JOB, job)
    return job


async def a_bill(database: Database, job: UUID, stage: str, *shares: tuple[str, int, int]) -> None:
    event = uuid4()
    for position, (domain, calls, characters) in enumerate(shares):
        await database.run(BILL, event, position, job, stage, domain, calls, characters)


async def lives(database: Database) -> dict[str, dict[str, Any]]:
    rows = await HistoryStore(database).lives(within=timedelta(days=1), limit=100)
    return {row["stage"]: row for row in rows}


async def test_a_job_that_two_projects_served_is_one_job(database: Database) -> None:
    job = await a_job(database)
    await a_bill(database, job, "scripter", ("alpha", 2, 0), ("beta", 3, 0))

    found = await lives(database)

    assert (found["scripter"]["jobs"], found["scripter"]["calls"]) == (1, 5)


async def test_speech_of_two_projects_is_the_whole_of_a_job_and_a_part_is_not(
    database: Database,
) -> None:
    whole, part = await a_job(database), await a_job(database)
    await a_bill(database, whole, "narrator", ("alpha", 1, 500), ("beta", 1, 500))
    await a_bill(database, part, "narrator", ("alpha", 1, 500))

    found = await lives(database)

    assert (found["narrator"]["jobs"], found["narrator"]["characters"]) == (1, 1_000)
