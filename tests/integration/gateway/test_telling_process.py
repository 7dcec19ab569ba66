"""A gateway process on its own: it tells users, and repairs what a dead one left behind."""

from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from shared.events import BatchesCompleted, BatchesControl, BatchesSubmitted
from shared.runtime import CommonSettings, Service
from shared.vocabulary import BatchCounts, BatchState
from tests.support.builders import batch_submitted
from tests.support.gateway_process import Servers, gateway
from tests.support.hooks import receiver
from tests.support.kafka import everything_on
from tests.support.waiting import until

pytestmark = pytest.mark.connected


async def test_an_ending_reaches_its_webhook_and_a_batch_left_behind_reaches_kafka(
    kafka: str, redis_url: str, database_url: str, tmp_path: Path
) -> None:
    servers = Servers(kafka, redis_url, database_url, tmp_path)
    left = batch_submitted(batch_id=uuid4())
    old = await _ended_long_ago(database_url)
    aggregator = Service("aggregator", CommonSettings(kafka_bootstrap_servers=kafka))
    async with (
        receiver() as hook,
        gateway(servers, WEBHOOK_ALLOW_HOSTS="127.0.0.1", BATCH_DAYS="90") as (_, url),
        httpx2.AsyncClient(base_url=url, timeout=30) as client,
        aggregator.connection(),
    ):
        await _accepted_by_a_process_that_died(database_url, left)
        user_id = await _sign_in(client)
        made = await client.post("/v1/webhooks", json={"url": f"http://127.0.0.1:{hook.port}/"})
        end = BatchesCompleted(
            batch_id=uuid4(),
            user_id=user_id,
            state=BatchState.COMPLETED,
            counts=BatchCounts(total=1, completed=1),
            seconds=1.0,
        )
        await aggregator.publish(end)
        await aggregator.publish(end)

        async def told() -> bool:
            return bool(hook.received)

        async def published() -> bool:
            values = await everything_on(kafka, "batches.submitted")
            return str(left.batch_id).encode() in b"".join(values)

        async def deleted() -> bool:
            orders = [BatchesControl.model_validate_json(value)
                      for value in await everything_on(kafka, "batches.control")]  # fmt: skip
            return (old, "delete") in [(order.batch_id, order.action) for order in orders]

        await until(told, seconds=60)
        await until(published, seconds=60)
        await until(deleted, seconds=60)
        shown = (await client.get("/v1/notifications")).json()

    (got,) = hook.received
    said = Verifier(made.json()["secret"]).verify(got.body, got.headers)
    assert said["data"]["batch_id"] == str(end.batch_id)
    assert [each["type"] for each in shown["items"]] == ["batch.completed"]


async def _sign_in(client: httpx2.AsyncClient) -> UUID:
    account = {"email": f"{uuid4().hex}@example.com", "password": "correct horse"}
    await client.post("/v1/auth/register", json=account)
    form = {"username": account["email"], "password": account["password"]}
    answer = await client.post("/v1/auth/token", data=form)
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return UUID((await client.get("/v1/me")).json()["user_id"])


async def _ended_long_ago(url: str) -> UUID:
    batch_id = uuid4()
    connection = await asyncpg.connect(url)
    await connection.execute(
        "INSERT INTO batches (batch_id, user_id, mode, completed_at) "
        "VALUES ($1, $2, 'matrix', now() - interval '91 days')",
        batch_id,
        uuid4(),
    )
    await connection.close()
    return batch_id


async def _accepted_by_a_process_that_died(url: str, event: BatchesSubmitted) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "INSERT INTO submissions (batch_id, user_id, request_sha256, event, accepted_at) "
            "VALUES ($1, $2, 'x', $3::text::jsonb, now() - interval '1 minute')",
            event.batch_id,
            event.user_id,
            event.model_dump_json(),
        )
    finally:
        await connection.close()
