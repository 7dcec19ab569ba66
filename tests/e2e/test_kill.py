import asyncio
import collections
import contextlib
import json

import asyncpg
import pytest

from cli.client import Client
from cli.errors import BoltError
from deploy.local.service import SERVICES
from deploy.local.stack import Stack
from deploy.local.supervision import Supervision
from tests.support.kafka import everything_on
from tests.support.titles import new_title

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

# A stage, a fold, and the one with HTTP: they stop each in its own way.
EACH_KIND = ("narrator", "aggregator", "gateway")
LANGUAGES = ["pt-BR", "en-US", "es-ES", "fr-FR"]


def batch() -> dict[str, object]:
    # New titles: nothing is found in the store, so all of it has to be made.
    titles = [new_title() for _ in range(5)]
    return {
        "mode": "matrix",
        "titles": titles,
        "languages": LANGUAGES,
        "agent": {"language": "pt-BR"},
    }


async def finish(bolt: Client, batch_id: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    async for message in bolt.watch(batch_id):
        counts = message.get("batch", message)["counts"]
    return counts


@pytest.mark.parametrize("victim", SERVICES)
async def test_a_service_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    stack: Stack, bolt: Client, victim: str
) -> None:
    accepted = await bolt.create_batch(batch())
    await asyncio.sleep(0.7)

    await asyncio.to_thread(stack.kill, victim)
    await asyncio.to_thread(stack.start_service, victim)
    # The gateway comes back at the same address, and the client watches on.
    async with asyncio.timeout(120):
        counts = await finish(bolt, accepted["batch_id"])

    assert (counts["total"], counts["completed"], counts["failed"]) == (20, 20, 0)
    jobs = [job async for job in bolt.results(accepted["batch_id"])]
    assert len({job["job_id"] for job in jobs}) == 20
    await one_audio_per_job(stack, {job["job_id"] for job in jobs})


async def test_services_told_to_restart_in_the_middle_lose_nothing_and_repeat_nothing(
    stack: Stack, bolt: Client, admin: Client
) -> None:
    pids = stack.pids()
    accepted = await bolt.create_batch(batch())

    with Supervision(stack, lambda _part, _news: None):
        told = [await admin.restart(service) for service in EACH_KIND]
        async with asyncio.timeout(200):
            counts = await finish(bolt, accepted["batch_id"])
            await until_all_are_others(
                admin, {each["process_id"] for answer in told for each in answer["items"]}
            )

    assert (counts["total"], counts["completed"], counts["failed"]) == (20, 20, 0)
    await one_audio_per_job(
        stack, {job["job_id"] async for job in bolt.results(accepted["batch_id"])}
    )
    assert all(answer["items"] for answer in told)
    assert not set(pids.values()) & {stack.pids()[service] for service in EACH_KIND}


async def until_all_are_others(admin: Client, before: set[str]) -> None:
    while True:
        with contextlib.suppress(BoltError):
            items = (await admin.processes())["items"]
            ready = {each["process_id"] for each in items if each["state"] == "ready"}
            if ready.isdisjoint(before) and len(ready) == len(items) == len(SERVICES):
                return
        await asyncio.sleep(0.2)


async def one_audio_per_job(stack: Stack, jobs: set[str]) -> None:
    spoken = collections.defaultdict(set)
    for value in await everything_on(stack.endpoints.kafka, "audio.ready"):
        if not value.startswith(b'{"event_id"'):
            continue  # what another test put there to be refused
        event = json.loads(value)
        spoken[event["job_id"]].add((event["event_id"], event["audio"]["sha256"]))
    assert {job: len(spoken[job]) for job in jobs} == dict.fromkeys(jobs, 1)


async def test_the_counts_of_a_batch_are_those_of_its_jobs(stack: Stack, bolt: Client) -> None:
    accepted = await bolt.create_batch(batch())
    await finish(bolt, accepted["batch_id"])

    connection = await asyncpg.connect(stack.endpoints.database_url)
    try:
        rows = await connection.fetch(
            "SELECT state, count(*) AS n FROM jobs WHERE batch_id = $1 GROUP BY state",
            accepted["batch_id"],
        )
    finally:
        await connection.close()

    counts = (await bolt.read_batch(accepted["batch_id"]))["counts"]
    assert {row["state"]: row["n"] for row in rows} == {"completed": counts["completed"]}
