from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.gateway.deleting import CRASHED_AFTER
from services.gateway.store.batches import BatchFilter, BatchStore
from services.gateway.store.database import Database
from services.gateway.store.deletions import DeletionStore
from services.gateway.store.jobs import JobStore
from services.gateway.store.submissions import Submission, SubmissionStore
from services.gateway.store.works import WorkStore
from shared.postgres import open_pool
from shared.vocabulary import SYSTEM_USER
from tests.support.builders import batch_submitted

pytestmark = pytest.mark.connected

ME = UUID(int=1)
KEPT = ("script_versions", "read_cuts", "spoken_texts", "notifications", "submissions")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


async def a_batch(
    database: Database, user: UUID = ME, ended: datetime | None = None
) -> tuple[UUID, UUID]:
    batch, job = uuid4(), uuid4()
    await database.run(
        "INSERT INTO batches (batch_id, user_id, mode, completed_at) VALUES ($1, $2, 'matrix', $3)",
        batch,
        user,
        ended,
    )
    await database.run(
        "INSERT INTO jobs (job_id, batch_id, user_id, position, title, language)"
        " VALUES ($1, $2, $3, 0, 'Bees', 'pt-BR')",
        job,
        batch,
        user,
    )
    return batch, job


async def with_everything(database: Database) -> tuple[UUID, UUID]:
    batch, job = await a_batch(database)
    event = batch_submitted(batch_id=batch, user_id=ME)
    await SubmissionStore(database).add(Submission(event=event, key=str(batch), request_sha256=""))
    for sql in (
        "INSERT INTO script_versions (job_id, version, user_id, script, origin)"
        " VALUES ($1, 1, $2, '{}', 'edited')",
        "INSERT INTO spoken_texts SELECT $2, 'v', sha256($1::uuid::text::bytea), 'pt-BR', 't', $1,"
        " now(), '{}', 0",
    ):
        await database.run(sql, job, ME)
    await database.run("INSERT INTO read_cuts VALUES ($1, 'ab')", job)
    await database.run(
        "INSERT INTO notifications (notification_id, user_id, type, data, at)"
        " SELECT gen_random_uuid(), $2, 'batch.completed',"
        " jsonb_build_object('batch_id', $1::uuid::text), now()",
        batch,
        ME,
    )
    return batch, job


async def counts(database: Database) -> dict[str, int]:
    found = {}
    for table in KEPT:
        row = await database.row(f"SELECT count(*) AS found FROM {table}")  # noqa: S608 - our own
        found[table] = row["found"] if row else -1
    return found


async def test_a_deleted_batch_is_seen_no_more_and_nothing_is_kept_of_it(
    database: Database,
) -> None:
    gone, its = await with_everything(database)
    stays, others = await with_everything(database)
    before = await counts(database)

    await DeletionStore(database).add(ME, gone)

    batches, jobs = BatchStore(database), JobStore(database)
    assert set(before.values()) == {2}
    assert set((await counts(database)).values()) == {1}
    assert await batches.get(ME, gone) is None
    assert [row.batch_id for row in await batches.page(ME, BatchFilter())] == [stays]
    assert await jobs.get(ME, its) is None
    assert await WorkStore(database).all(ME, [its, others]) != {}
    assert its not in await WorkStore(database).all(ME, [its, others])
    assert await SubmissionStore(database).was_deleted(gone)
    assert not await SubmissionStore(database).was_deleted(stays)


async def test_what_was_not_ordered_is_found_until_it_is(database: Database) -> None:
    store, batch = DeletionStore(database), uuid4()
    await store.add(ME, batch)
    await store.add(ME, batch)

    fresh = await store.unpublished(older_than=CRASHED_AFTER, limit=9)
    left = await store.unpublished(older_than=timedelta(0), limit=9)
    await store.mark_published(batch)

    assert (fresh, left) == ([], [batch])
    assert await store.unpublished(older_than=timedelta(0), limit=9) == []


async def test_what_a_backup_brought_back_is_deleted_as_the_log_says(database: Database) -> None:
    store = DeletionStore(database)
    batch, _ = await with_everything(database)
    await with_everything(database)
    await database.run("INSERT INTO deleted_batches VALUES ($1, now())", batch)

    returned = await store.returned(9)
    await store.add(*returned[0])

    assert returned == [(ME, batch)]
    assert await store.returned(9) == []


async def test_batches_that_ended_long_ago_are_found_in_pages(database: Database) -> None:
    store, now = DeletionStore(database), datetime.now(UTC)
    old = [await a_batch(database, ended=now - timedelta(days=9)) for _ in range(3)]
    await a_batch(database, ended=now - timedelta(days=1))
    await a_batch(database)
    await a_batch(database, user=SYSTEM_USER, ended=now - timedelta(days=9))
    await store.add(ME, old[0][0])
    week = timedelta(days=7)

    first = await store.ended(older_than=week, after=None, limit=1)
    rest = await store.ended(older_than=week, after=first[0][1], limit=9)

    assert first + rest == sorted((ME, batch) for batch, _ in old[1:])
