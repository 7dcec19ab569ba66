"""How fast it is, logged (`-o log_cli=true --log-level=INFO`), not asserted."""

import logging
import time
from collections.abc import Sequence
from uuid import uuid4

import pytest

from shared.expansion import expand
from tests.support.aggregator import Aggregator
from tests.support.builders import (
    BATCH,
    batch_request,
    batch_submitted,
)
from tests.support.lives import life_of
from tests.support.records import Record, log_of, record

pytestmark = pytest.mark.connected

log = logging.getLogger(__name__)

JOBS = 10_000
POLL = 2_000
LARGE = batch_request(titles=tuple(f"Title {n}" for n in range(JOBS // 2)))


async def test_a_batch_of_10_000_jobs_is_expanded_released_and_folded(
    aggregator: Aggregator,
) -> None:
    submitted = record(batch_submitted(request=LARGE))
    lives = [life_of(job.job_id, BATCH) for job in expand(BATCH, LARGE)]
    # As the topics bring them: all of one step, then all of the next.
    steps = log_of([life[step] for step in range(4) for life in lives])

    started = time.perf_counter()
    await aggregator.fold([submitted])
    log.info("expanded %d jobs in %.2f s", JOBS, time.perf_counter() - started)

    await _follow(aggregator, steps, "events of jobs that are known")

    batch = await aggregator.batch(BATCH)
    assert (batch["completed"], batch["total"], batch["state"]) == (JOBS, JOBS, "completed")
    started = time.perf_counter()
    await aggregator.announcer.round()
    log.info("announced it in %.3f s", time.perf_counter() - started)


async def test_jobs_of_other_systems_are_folded(aggregator: Aggregator) -> None:
    batches = [uuid4() for _ in range(100)]
    lives = [life_of(uuid4(), batches[n % 100]) for n in range(JOBS // 4)]

    await _follow(aggregator, log_of([e for life in lives for e in life]), "events of new jobs")

    done = await aggregator.one("SELECT count(*) FROM jobs WHERE state = 'completed'")
    assert done["count"] == JOBS // 4


async def _follow(aggregator: Aggregator, records: Sequence[Record], what: str) -> None:
    started = time.perf_counter()
    for start in range(0, len(records), POLL):
        await aggregator.fold(records[start : start + POLL])
    seconds = time.perf_counter() - started
    log.info("%d %s in %.2f s: %.0f/s", len(records), what, seconds, len(records) / seconds)
