import asyncio
import random
from uuid import uuid4

import pytest

from shared.events import Event
from shared.expansion import expand
from shared.vocabulary import BatchRequest
from tests.support.aggregator import Aggregator
from tests.support.aggregator import aggregator as open_aggregator
from tests.support.builders import BATCH, audio_ready, batch_request, batch_submitted
from tests.support.lives import SPENT, life_of
from tests.support.records import log_of, record

pytestmark = pytest.mark.connected


async def test_replicas_that_fold_one_batch_at_once_keep_its_counts_exact(
    database_url: str,
) -> None:
    jobs = [planned.job_id for planned in expand(BATCH, _many())]
    lives = [life_of(job_id) for job_id in jobs]
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:
        await one.fold([record(batch_submitted(request=_many()))])

        # Each folds its own kinds of events, of all jobs, in portions and in no order.
        await asyncio.gather(
            *(
                _in_portions(replica, [life[kind] for life in lives], seed=kind)
                for kind, replica in enumerate((one, other, one, other))
            )
        )

        batch = await one.batch(BATCH)
        assert (batch["total"], batch["completed"]) == (len(jobs), len(jobs))
        assert (batch["waiting"], batch["in_flight"], batch["queued"]) == (0, 0, 0)
        assert batch["provider_calls"] == 6 * len(jobs)
        assert (batch["state"], batch["endings"]) == ("completed", 1)


async def test_replicas_that_meet_jobs_nobody_announced_agree(database_url: str) -> None:
    jobs = [uuid4() for _ in range(200)]
    batches = [uuid4() for _ in range(10)]
    lives = [life_of(job_id, batches[n % 10]) for n, job_id in enumerate(jobs)]
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:
        await asyncio.gather(
            *(
                _in_portions(replica, [life[kind] for life in lives], seed=kind)
                for kind, replica in enumerate((one, other, one, other))
            )
        )

        rows = await one.rows("SELECT state, total, completed, endings FROM batches")
        assert [(row["state"], row["total"], row["completed"]) for row in rows] == [
            ("completed", 20, 20)
        ] * 10
        assert not one.outbox.dead + other.outbox.dead


async def test_the_same_partition_on_two_replicas_is_folded_once(database_url: str) -> None:
    records = log_of([audio_ready(job_id=uuid4(), usage=SPENT) for _ in range(200)])
    async with open_aggregator(database_url) as one, open_aggregator(database_url) as other:

        async def follow(replica: Aggregator) -> None:
            for start in range(0, len(records), 50):
                await replica.fold(records[start : start + 50])

        await asyncio.gather(follow(one), follow(other))

        batch = await one.batch(BATCH)
        assert (batch["total"], batch["completed"]) == (200, 200)
        assert batch["provider_calls"] == 400


async def _in_portions(replica: Aggregator, events: list[Event], seed: int) -> None:
    random.Random(seed).shuffle(events)  # noqa: S311 - an order, not a secret
    records = log_of(events)
    for start in range(0, len(records), 37):
        await replica.fold(records[start : start + 37])


def _many() -> BatchRequest:
    return batch_request(titles=tuple(f"Title {n}" for n in range(100)))
