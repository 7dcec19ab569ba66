import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.gateway.cursors import After
from services.gateway.store.batches import BatchFilter, BatchStore
from services.gateway.store.database import Database
from services.gateway.store.jobs import JobFilter, JobStore
from services.gateway.store.submissions import Submission, SubmissionStore
from services.gateway.store.users import UserStore
from services.gateway.store.works import WorkStore
from shared.errors import UnavailableError
from shared.postgres import open_pool
from shared.vocabulary import BatchState, JobState
from tests.support.builders import artefact_ref, batch_submitted

pytestmark = pytest.mark.connected


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


def submission(**changes: Any) -> Submission:
    key = changes.pop("key", None)
    values = {"batch_id": uuid4(), "user_id": uuid4(), **changes}
    return Submission(event=batch_submitted(**values), key=key, request_sha256="ab")


async def folded(database: Database, user: UUID, **changes: Any) -> UUID:
    values = {"batch_id": uuid4(), "user_id": user, "mode": "matrix", "name": "Bees", **changes}
    names = ", ".join(values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    sql = f"INSERT INTO batches ({names}) VALUES ({marks})"  # noqa: S608 - names are our own
    await database.run(sql, *values.values())
    return UUID(str(values["batch_id"]))


async def job_of(
    database: Database, user: UUID, batch: UUID, position: int, **changes: Any
) -> UUID:
    values = {
        "job_id": uuid4(),
        "batch_id": batch,
        "user_id": user,
        "position": position,
        "title": "Bees",
        "language": "pt-BR",
        **changes,
    }
    names = ", ".join(values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    sql = f"INSERT INTO jobs ({names}) VALUES ({marks})"  # noqa: S608 - names are our own
    await database.run(sql, *values.values())
    return UUID(str(values["job_id"]))


async def test_an_address_has_one_account_whatever_its_case(database: Database) -> None:
    users = UserStore(database)

    made = await asyncio.gather(*(users.add(name, "hash") for name in ("Ana@x.org", "ana@X.org")))

    (user,) = [user for user in made if user]
    assert await users.get(user.user_id) == user
    found = await users.credentials("ANA@x.org")
    assert found is not None
    assert (found.user_id, found.password_hash) == (user.user_id, "hash")


async def test_a_submission_comes_back_as_it_was(database: Database) -> None:
    store, mine = SubmissionStore(database), submission(key="k")

    added = await store.add(mine)

    assert added
    assert await store.by_key(mine.event.user_id, "k") == mine
    assert await store.by_key(uuid4(), "k") is None


async def test_a_key_stands_for_one_batch_of_a_user(database: Database) -> None:
    store, user = SubmissionStore(database), uuid4()

    added = await asyncio.gather(
        *(store.add(submission(user_id=user, key="k")) for _ in range(8)),
        *(store.add(submission(user_id=user)) for _ in range(2)),
    )

    assert sum(added) == 3


async def test_what_was_left_behind_is_found_until_it_is_published(database: Database) -> None:
    store = SubmissionStore(database)
    old = submission(occurred_at=datetime.now(UTC) - timedelta(minutes=1))
    await store.add(old)
    await store.add(submission())

    left = await store.unpublished(older_than=timedelta(seconds=20), limit=10)
    await store.mark_published(old.event.batch_id)

    assert left == [old]
    assert await store.unpublished(older_than=timedelta(seconds=20), limit=10) == []


async def test_a_key_can_be_given_and_taken_away(database: Database) -> None:
    store, user = SubmissionStore(database), uuid4()
    mine, other = submission(user_id=user), submission(user_id=user, key="taken")
    await store.add(mine)
    await store.add(other)

    await store.rename(mine.event.batch_id, "repeat ab")
    await store.rename(mine.event.batch_id, "taken")

    assert await store.by_key(user, "repeat ab") == replace(mine, key="repeat ab")
    assert await store.by_key(user, "taken") == other
    await store.rename(mine.event.batch_id, None)
    assert await store.by_key(user, "repeat ab") is None


async def test_a_batch_is_seen_before_and_after_it_is_folded(database: Database) -> None:
    batches, mine = BatchStore(database), submission()
    event = mine.event
    await SubmissionStore(database).add(mine)

    accepted = await batches.get(event.user_id, event.batch_id)
    await folded(
        database, event.user_id, batch_id=event.batch_id, state="running", total=4, completed=1,
        queued=3, seq=5,
    )  # fmt: skip
    running = await batches.get(event.user_id, event.batch_id)

    assert accepted is not None
    assert running is not None
    assert (accepted.state, accepted.counts.total, accepted.seq) == (BatchState.QUEUED, 4, 0)
    assert (running.state, running.counts.completed, running.seq) == (BatchState.RUNNING, 1, 5)
    assert await batches.get(uuid4(), event.batch_id) is None
    assert len(await batches.page(event.user_id, BatchFilter())) == 1


async def test_sorted_pages_of_jobs_have_no_gap_and_no_repeat(database: Database) -> None:
    user, jobs = uuid4(), JobStore(database)
    batch = await folded(database, user, total=3)
    for position, (title, seconds) in enumerate((("bees", 3.0), ("Ants", None), ("cats", 9.0))):
        await job_of(database, user, batch, position, title=title, audio_seconds=seconds)

    async def titles(sort: str, **more: Any) -> list[str]:
        rows = await jobs.page(user, batch, JobFilter(sort=sort, **more))
        return [row.title for row in rows]

    assert await titles("title") == ["Ants", "bees", "cats"]
    assert await titles("-audio_seconds", limit=2) == ["cats", "bees"]
    assert await titles("-audio_seconds", limit=2, after_position=1) == ["Ants"]
    assert await titles("position", search="AT") == ["cats"]


async def test_jobs_are_counted_by_language_state_and_cause(database: Database) -> None:
    user, jobs = uuid4(), JobStore(database)
    batch = await folded(database, user, total=3)
    failed = {"state": "failed", "error_stage": "narrator", "error_code": "refused", "error": "no"}
    await job_of(database, user, batch, 0, **failed)
    await job_of(database, user, batch, 1, **failed)
    await job_of(database, user, batch, 2, language="en-US")

    rows = await jobs.breakdown(user, batch)

    assert [(row.language, row.state, row.error_code, row.jobs) for row in rows] == [
        ("en-US", JobState.QUEUED, None, 1),
        ("pt-BR", JobState.FAILED, "refused", 2),
    ]
    assert await jobs.breakdown(uuid4(), batch) == []


async def test_pages_of_batches_have_no_gap_and_no_repeat(database: Database) -> None:
    batches, user, now = BatchStore(database), uuid4(), datetime.now(UTC)
    for minute in range(10):
        await folded(database, user, created_at=now - timedelta(minutes=minute // 3))
    for _ in range(3):
        await SubmissionStore(database).add(submission(user_id=user, occurred_at=now))

    seen: list[UUID] = []
    after: After | None = None
    while page := await batches.page(user, BatchFilter(after=after, limit=4)):
        seen += [batch.batch_id for batch in page]
        after = After(page[-1].created_at, page[-1].batch_id)

    assert len(seen) == len(set(seen)) == 13


async def test_batches_are_filtered(database: Database) -> None:
    batches, user = BatchStore(database), uuid4()
    wanted = await folded(database, user, name="100% Space_week", state="completed")
    await folded(database, user, name="Bees", state="completed")
    await folded(database, user, name="100% Space_week", state="running")

    by_name = BatchFilter(state=BatchState.COMPLETED, search="% space_")

    assert [batch.batch_id for batch in await batches.page(user, by_name)] == [wanted]


async def test_jobs_come_in_the_order_of_the_batch(database: Database) -> None:
    jobs, user = JobStore(database), uuid4()
    batch = await folded(database, user)
    ref = artefact_ref(media_type="audio/mpeg")
    done = await job_of(
        database, user, batch, 1, state="completed", audio=ref.model_dump(), voice="a"
    )
    await job_of(database, user, batch, 0, language="en-US", voice="b")
    await job_of(database, user, batch, 2, voice="c")

    everything = await jobs.page(user, batch, JobFilter())
    completed = await jobs.page(user, batch, JobFilter(state=JobState.COMPLETED))
    rest = await jobs.page(user, batch, JobFilter(after_position=0, language="PT-br", limit=1))

    assert [job.position for job in everything] == [0, 1, 2]
    assert [(job.job_id, job.audio) for job in completed] == [(done, ref)]
    assert [job.position for job in rest] == [1]
    assert await jobs.languages_with_several_voices(user, batch) == {"pt-BR"}
    assert await jobs.get(uuid4(), done) is None
    assert await jobs.page(uuid4(), batch, JobFilter()) == []


async def test_pages_show_what_was_there_once_while_more_is_made(database: Database) -> None:
    batches, jobs, user = BatchStore(database), JobStore(database), uuid4()
    there = [await folded(database, user, total=9) for _ in range(7)]
    listed = [await job_of(database, user, there[0], position) for position in range(7)]

    seen: list[UUID] = []
    after: After | None = None
    while page := await batches.page(user, BatchFilter(after=after, limit=2)):
        seen += [batch.batch_id for batch in page]
        after = After(page[-1].created_at, page[-1].batch_id)
        await folded(database, user)
    positions, last = [], -1
    while rows := await jobs.page(user, there[0], JobFilter(after_position=last, limit=2)):
        positions += [row.job_id for row in rows]
        last = rows[-1].position
        if last == 3:
            listed.append(await job_of(database, user, there[0], 7))

    assert seen == there[::-1]
    assert positions == listed


async def test_jobs_are_filtered_by_voice(database: Database) -> None:
    jobs, user = JobStore(database), uuid4()
    batch = await folded(database, user, total=3)
    wanted = await job_of(database, user, batch, 0, voice="espeak:pt-BR")
    await job_of(database, user, batch, 1, voice="pt-BR-Chirp3-HD-Kore")
    await job_of(database, user, batch, 2)

    for sort in ("position", "-title"):
        found = await jobs.page(user, batch, JobFilter(voice="ESPEAK:pt-br", sort=sort))
        assert [job.job_id for job in found] == [wanted]


async def test_the_jobs_of_a_batch_about_a_title_are_its_users(database: Database) -> None:
    works, user = WorkStore(database), uuid4()
    batch, other = await folded(database, user), await folded(database, user)
    wanted = await job_of(database, user, batch, 0, title="Snow")
    await job_of(database, user, batch, 1)
    await job_of(database, user, other, 0, title="Snow")

    assert [work.job_id for work in await works.of_titles(user, batch, {"Snow"})] == [wanted]
    assert await works.of_titles(uuid4(), batch, {"Snow"}) == []


async def test_the_log_is_the_newest_lines_oldest_first(database: Database) -> None:
    jobs, job, now = JobStore(database), uuid4(), datetime.now(UTC)
    for number in range(5):
        at = now + timedelta(seconds=number)
        sql = "INSERT INTO job_log (job_id, at, stage, message) VALUES ($1, $2, 'scripter', $3)"
        await database.run(sql, job, at, f"block {number}")

    lines = await jobs.log(job, limit=3)

    assert [line.message for line in lines] == ["block 2", "block 3", "block 4"]


async def test_a_database_that_is_away_is_an_outage() -> None:
    async with open_pool("postgresql://localhost:9/nothing") as pool:
        with pytest.raises(UnavailableError):
            await Database(pool).row("SELECT 1")
