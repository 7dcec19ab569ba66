"""Pauses, cancellations, retries and budgets, against providers that take their time."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import uuid4

import pytest

from cli.client import Client
from deploy.local.stack import Stack
from tests.support.third_parties import Providers
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]

SLOW = {"latency": [{"median": 0.6, "sigma": 0.1}]}
PAUSE_SECONDS = 2.0


@pytest.fixture
async def bolt(slow: Stack, providers: Providers) -> AsyncIterator[Client]:
    providers.behave(**SLOW, faults=[])
    async with Client(slow.service_url("gateway")) as client:
        email, password = f"{uuid4().hex}@example.com", uuid4().hex
        await client.register(email, password)
        await client.sign_in(email, password)
        yield client


async def submit(bolt: Client, titles: int = 4, **options: Any) -> str:
    accepted = await bolt.create_batch(
        {
            "mode": "matrix",
            "titles": [new_title() for _ in range(titles)],
            "languages": ["pt-BR", "en-US", "es-ES"],
            "agent": {"language": "pt-BR"},
            "options": {"target_minutes": 1, **options},
        }
    )
    return str(accepted["batch_id"])


async def until(bolt: Client, batch_id: str, done: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(120):
        while True:
            batch = await bolt.read_batch(batch_id)
            if done(batch):
                return batch
            await asyncio.sleep(0.2)


async def settled(bolt: Client, batch_id: str) -> None:
    """Wait until every job that was begun has been given back, or has ended."""
    async with asyncio.timeout(60):
        while True:
            jobs = [job async for job in bolt.results(batch_id)]
            open_jobs = [
                job for job in jobs if job["state"] in ("scripting", "adapting", "narrating")
            ]
            if all(job["parked_for"] for job in open_jobs):
                return
            await asyncio.sleep(0.2)


def ended(batch: Any) -> bool:
    return bool(batch["completed_at"])


def billed(calls: list[dict[str, Any]]) -> Counter[str]:
    return Counter(call["fingerprint"] for call in calls if call["billable"])


async def test_a_paused_batch_calls_nobody_and_goes_on_without_paying_twice(
    bolt: Client, slow: Stack, providers: Providers
) -> None:
    before = len(providers.calls())
    batch_id = await submit(bolt)
    await until(
        bolt, batch_id, lambda batch: batch["provider_calls"] or batch["counts"]["adapting"]
    )

    paused_at = time.time()
    await bolt.order(batch_id, "pause")
    await settled(bolt, batch_id)
    during = providers.calls()[before:]
    for service in ("narrator", "aggregator"):
        await asyncio.to_thread(slow.kill, service)
        await asyncio.to_thread(slow.start_service, service)
    assert (await bolt.read_batch(batch_id))["paused_because"] == "user"
    assert providers.calls()[before:] == during

    await bolt.order(batch_id, "resume")
    batch = await until(bolt, batch_id, ended)

    late = [call for call in during if call["at"] > paused_at + PAUSE_SECONDS]
    assert late == []
    assert (batch["state"], batch["counts"]["completed"]) == ("completed", 12)
    assert set(billed(providers.calls()[before:]).values()) == {1}


async def test_a_cancelled_batch_ends_and_calls_nobody_any_more(
    bolt: Client, providers: Providers
) -> None:
    before = len(providers.calls())
    batch_id = await submit(bolt)
    await until(bolt, batch_id, lambda batch: batch["counts"]["adapting"])

    cancelled_at = time.time()
    await bolt.order(batch_id, "cancel")
    batch = await until(bolt, batch_id, ended)

    calls = providers.calls()[before:]
    assert [call for call in calls if call["at"] > cancelled_at + PAUSE_SECONDS] == []
    assert batch["counts"]["cancelled"] + batch["counts"]["completed"] == 12
    assert batch["counts"]["cancelled"] > 0


async def test_what_failed_in_an_outage_is_retried_without_paying_twice(
    bolt: Client, providers: Providers
) -> None:
    before = len(providers.calls())
    providers.behave(faults=[{"provider": "tts", "kind": "bad_request", "rate": 1.0}])
    batch_id = await submit(bolt, titles=2)
    failed = await until(bolt, batch_id, ended)
    assert failed["counts"]["failed"] == 6
    providers.behave(faults=[])

    retried = await bolt.order(batch_id, "retry-failed")
    batch = await until(bolt, batch_id, lambda now: now["counts"]["completed"] == 6)

    assert retried == {"retried": 6}
    assert batch["state"] == "completed"
    assert set(billed(providers.calls()[before:]).values()) == {1}


async def test_a_budget_pauses_a_batch_before_it_is_exceeded_and_can_be_raised(
    bolt: Client,
) -> None:
    batch_id = await submit(bolt, titles=2, budget_usd=0.08)

    paused = await until(bolt, batch_id, lambda batch: batch["state"] == "paused")
    await settled(bolt, batch_id)
    usage = await bolt._json("GET", f"/v1/batches/{batch_id}/usage")
    told = await bolt._json("GET", "/v1/notifications")
    assert paused["paused_because"] == "budget"
    assert usage["cost_usd"] <= 0.08
    assert [(item["type"], item["data"]["batch_id"]) for item in told["items"]] == [
        ("batch.budget_reached", batch_id)
    ]

    await bolt.order(batch_id, "resume", budget_usd=50.0)
    batch = await until(bolt, batch_id, ended)

    assert (batch["state"], batch["budget_usd"]) == ("completed", 50.0)
