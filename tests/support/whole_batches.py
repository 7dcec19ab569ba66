"""Batches whole: their jobs, their events, and what is left of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.events import Event, JobsProgress
from shared.expansion import expand
from tests.support.aggregator import Aggregator
from tests.support.builders import batch_request, batch_submitted, job_failed
from tests.support.lives import life_of

GONE, STAYS = UUID(int=0xD0), UUID(int=0xD1)
TABLES_OF_JOBS = ("jobs", "parked_jobs", "job_attempts", "job_log")


def submitted(batch_id: UUID) -> Any:
    titles = ("O segredo das abelhas", "A cidade que dorme", "O mapa")
    return batch_submitted(batch_id=batch_id, request=batch_request(titles=titles, name="Bees"))


def jobs_of(batch_id: UUID) -> list[UUID]:
    return [job.job_id for job in expand(batch_id, submitted(batch_id).request)]


def lives_of(batch_id: UUID) -> list[Event]:
    return [event for job in jobs_of(batch_id) for event in life_of(job, batch_id)]


def all_of(batch_id: UUID) -> list[Event]:
    lines = [JobsProgress(job_id=job, stage="scripter", message="m") for job in jobs_of(batch_id)]
    failed = job_failed(job_id=jobs_of(batch_id)[0], batch_id=batch_id)
    return [submitted(batch_id), *lives_of(batch_id), failed, *lines]


async def left_of(live: Aggregator, batch_id: UUID) -> dict[str, int]:
    found = {}
    for table in TABLES_OF_JOBS:
        sql = f"SELECT job_id FROM {table} WHERE job_id = ANY($1::uuid[])"  # noqa: S608 - our own
        found[table] = len(await live.rows(sql, jobs_of(batch_id)))
    batches = await live.rows("SELECT FROM batches WHERE batch_id = $1", batch_id)
    return found | {"batches": len(batches)}


def nothing() -> dict[str, int]:
    return dict.fromkeys((*TABLES_OF_JOBS, "batches"), 0)


async def bills(live: Aggregator) -> list[dict[str, Any]]:
    return await live.rows("SELECT * FROM usage ORDER BY event_id, position")


def scripts_of(batch_id: UUID, refs: Sequence[Any], run: int = 1) -> list[Event]:
    return [
        life_of(job, batch_id)[1].model_copy(update={"script": ref, "run": run})
        for job, ref in zip(jobs_of(batch_id), refs, strict=False)
    ]
