from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis

from services.gateway.analysing import Analytics
from services.gateway.store.analytics import GROUPS, LIKED, AnalyticsStore, Period
from services.gateway.store.database import Database
from services.gateway.store.provider_calls import ProviderCalls
from services.gateway.store.queues import QueueStore
from services.gateway.store.spoken_texts import Likeness, SpokenTextStore
from shared.postgres import open_pool
from shared.runtime.adding_up import add_up
from shared.telemetry import hourly

pytestmark = pytest.mark.connected

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANA, BEN = uuid4(), uuid4()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_pool(database_url) as pool:
        yield Database(pool)


async def insert(database: Database, table: str, **values: Any) -> None:
    names = ", ".join(values)
    marks = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names are our own
    await database.run(sql, *values.values())


async def a_job(database: Database, user: UUID, at: datetime, **changes: Any) -> None:
    batch_id, job_id = uuid4(), uuid4()
    values = {"state": "completed", "language": "pt-BR", "voice": "espeak:pt-BR", **changes}
    await insert(database, "batches", batch_id=batch_id, user_id=user)
    await insert(
        database,
        "jobs",
        job_id=job_id,
        batch_id=batch_id,
        user_id=user,
        position=0,
        title="Bees",
        created_at=at,
        started_at=at,
        completed_at=at + timedelta(seconds=8),
        audio_seconds=30.0,
        provider_calls=1,
        **values,
    )
    await insert(
        database,
        "usage",
        event_id=uuid4(),
        position=0,
        job_id=job_id,
        batch_id=batch_id,
        user_id=user,
        language="pt-BR",
        stage="narrator",
        provider="espeak",
        model="ng",
        domain="",
        calls=2,
        input_tokens=0,
        output_tokens=0,
        characters=100,
        audio_seconds=30.0,
        cost_usd=0.5,
        at=at,
    )
    await insert(
        database,
        "job_attempts",
        event_id=uuid4(),
        position=0,
        job_id=job_id,
        run=1,
        stage="narrator",
        at=at,
        code="rate_limited",
        reason="slowly",
        delay_seconds=3.0,
    )


async def test_sums_are_of_one_user_or_of_all_and_of_the_period_alone(
    database: Database, redis_url: str
) -> None:
    await a_job(database, ANA, NOON)
    await a_job(database, ANA, NOON, state="failed", error_stage="narrator", error_code="refused")
    await a_job(database, BEN, NOON + timedelta(hours=2))
    await a_job(database, ANA, NOON - timedelta(days=3))
    store = AnalyticsStore(database)
    day = {"since": NOON - timedelta(hours=1), "until": NOON + timedelta(hours=3)}
    mine, everybody = Period(user_id=ANA, **day), Period(user_id=None, **day)

    totals = await store.totals(mine)
    trend = await store.trend(mine, "hour")

    assert (totals["jobs"], totals["completed"], totals["failed"]) == (2, 1, 1)
    assert (totals["calls"], totals["cost_usd"], totals["seconds"]) == (4, 1.0, [8.0, 8.0])
    assert (await store.totals(everybody))["jobs"] == 3
    assert [bucket["jobs"] for bucket in trend] == [0, 2, 0, 0]
    assert [bucket["cost_usd"] for bucket in trend] == [0, 1.0, 0, 0]
    for group in GROUPS:
        assert sum(row["calls"] for row in await store.spent(mine, group)) == 4
    for column in LIKED:
        assert [row["jobs"] for row in await store.liked(mine, column, 5)] == [2]
    assert [row["code"] for row in await store.failures(mine, 5)] == ["refused"]
    assert [row["waited_seconds"] for row in await store.tries(mine, 5)] == [6.0]
    async with Redis.from_url(redis_url) as redis:
        summary = await Analytics(store, ProviderCalls(redis)).summary(mine)
    assert summary["success_rate"] == 0.5
    assert summary["busiest_day"]["jobs"] == 2


async def test_calls_of_all_processes_are_added_up(redis_url: str) -> None:
    hourly.take()
    model, now = uuid4().hex, datetime.now(UTC)

    async with Redis.from_url(redis_url) as redis:
        for _ in range(2):
            hourly.called("google", model, "ok", 0.3)
            hourly.called("google", model, "rate_limited", 3.0)
            await add_up(redis)
        found = await ProviderCalls(redis).between(now - timedelta(hours=1), now)

    (answers,) = [each for each in found if each.model == model]
    assert answers.outcomes == {"ok": 2, "rate_limited": 2}
    assert answers.mean_seconds == pytest.approx(1.65)
    assert answers.quantile(0.5) == 0.5


async def test_what_redis_does_not_take_is_counted_later() -> None:
    hourly.take()
    hourly.called("google", "chirp", "ok", 0.3)

    async with Redis.from_url("redis://127.0.0.1:1") as nowhere:
        await add_up(nowhere)

    assert sum(hourly.take().values()) == 1 + 300 + 1


async def test_texts_are_found_by_what_is_like_them_and_by_their_owner_alone(
    database: Database,
) -> None:
    store = SpokenTextStore(database)
    cut = {"key": "cut/a", "sha256": "a", "bytes": 1, "media_type": "application/json"}
    await a_job(database, ANA, NOON, cut=cut)
    (unread,) = await store.unread(ANA, 10)
    texts = ["O segredo das abelhas.", "O segredo das formigas.", "Outra coisa qualquer."]

    await store.add(ANA, unread, texts)

    found = await store.similar(ANA, Likeness(text="O segredo da abelha", threshold=0.3))
    same = await store.similar(ANA, Likeness(text="o SEGREDO das abelhas", threshold=1.0))
    theirs = await store.similar(BEN, Likeness(text=texts[0], threshold=0.1))
    assert [each.text for each in found] == texts[:2]
    assert [(each.text, each.similarity) for each in same] == [(texts[0], 1.0)]
    assert theirs == []
    assert await store.unread(ANA, 10) == []


async def test_what_waits_is_counted_over_all_users(database: Database) -> None:
    for user in (ANA, BEN):
        await insert(
            database, "batches", batch_id=uuid4(), user_id=user, total=3, waiting=2, narrating=1
        )
    done = {"completed": 3, "total": 3, "completed_at": NOON}
    await insert(database, "batches", batch_id=uuid4(), user_id=ANA, **done)

    sizes = await QueueStore(database).sizes()

    assert (sizes["batches"], sizes["waiting"], sizes["narrating"]) == (2, 4, 2)
    assert (sizes["dead_letters"], sizes["unpublished"]) == (0, 0)
