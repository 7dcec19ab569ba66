"""Orders about batches and jobs: what may be ordered when, and what is published."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.gateway.acceptance import Publisher
from services.gateway.errors import ConflictError
from services.gateway.store.batches import Batch
from services.gateway.store.jobs import Job
from shared.events import BatchesControl
from shared.vocabulary import TERMINAL_BATCH_STATES, TERMINAL_JOB_STATES, JobState

Action = Literal["pause", "resume", "cancel"]

# Orders that wait for Kafka at once.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Orders:
    """Publishes what users order."""

    publisher: Publisher

    async def about_batch(
        self, batch: Batch, action: Action, *, budget_usd: float | None = None
    ) -> None:
        """Pause, resume or cancel a batch.

        Raises:
            ConflictError: it has ended, or was cancelled.
        """
        if batch.state in TERMINAL_BATCH_STATES:
            raise ConflictError(
                f"batch {batch.batch_id} is {batch.state.value}; it cannot {action}"
            )
        if batch.is_cancelled and action != "cancel":
            raise ConflictError(f"batch {batch.batch_id} is being cancelled; it cannot {action}")
        order = BatchesControl(
            batch_id=batch.batch_id,
            action=action,
            # Only the newest order is kept, so each says what holds.
            budget_usd=budget_usd or batch.budget_usd,
        )
        await self.publisher.publish(order)

    async def about_job(self, job: Job, action: Action) -> None:
        """Pause, resume or cancel one job.

        Raises:
            ConflictError: it has ended.
        """
        if job.state in TERMINAL_JOB_STATES:
            raise ConflictError(f"job {job.job_id} is {job.state.value}; it cannot {action}")
        run = job.run if action == "cancel" else None
        order = BatchesControl(batch_id=job.batch_id, job_id=job.job_id, action=action, run=run)
        await self.publisher.publish(order)

    async def retry_job(self, job: Job, batch: Batch | None) -> None:
        """Have a job that failed, or was cancelled, done again.

        Raises:
            ConflictError: it did neither, or its batch is cancelled.
        """
        if job.state not in (JobState.FAILED, JobState.CANCELLED):
            raise ConflictError(
                f"job {job.job_id} is {job.state.value}; only one that failed can be retried"
            )
        if batch is not None:
            _retriable(batch)
        await self._retry(job.batch_id, {job.job_id: job.run})

    async def retry_failed(self, batch: Batch, failed: Mapping[UUID, int]) -> int:
        """Have jobs that failed done again; return how many. Repeating it changes nothing.

        Args:
            batch: Theirs.
            failed: The run of each that failed.

        Raises:
            ConflictError: the batch is cancelled.
        """
        _retriable(batch)
        await self._retry(batch.batch_id, failed)
        return len(failed)

    async def _retry(self, batch_id: UUID, failed: Mapping[UUID, int]) -> None:
        orders = [
            BatchesControl(batch_id=batch_id, job_id=job_id, action="retry", run=run + 1)
            for job_id, run in failed.items()
        ]
        for start in range(0, len(orders), AT_ONCE):
            await asyncio.gather(*map(self.publisher.publish, orders[start : start + AT_ONCE]))


def _retriable(batch: Batch) -> None:
    if batch.is_cancelled:
        raise ConflictError(f"batch {batch.batch_id} was cancelled; submit it again instead")
