"""What was made and spent before, in memory."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.gateway.store.history import Told
from services.gateway.store.usage import Spent


@dataclass
class FakeUsage:
    spent: list[tuple[UUID, UUID, Spent]] = field(default_factory=list)
    costs: dict[UUID, float] = field(default_factory=dict)

    async def of_batch(self, user_id: UUID, batch_id: UUID) -> list[Spent]:
        return [spent for user, batch, spent in self.spent if (user, batch) == (user_id, batch_id)]

    async def of_jobs(
        self, user_id: UUID, batch_id: UUID, job_ids: Collection[UUID]
    ) -> dict[UUID, float]:
        return {job_id: cost for job_id, cost in self.costs.items() if job_id in job_ids}


@dataclass
class FakeHistory:
    """What was made and spent before; `own` are the projects of the user's keys."""

    lived: list[dict[str, Any]] = field(default_factory=list)
    told_before: list[Told] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    own: dict[str, int] = field(default_factory=dict)

    async def lives(self, *, within: timedelta, limit: int) -> list[dict[str, Any]]:
        return self.lived

    async def told(self, user_id: UUID, titles: Collection[str], agent_sha256: str) -> list[Told]:
        self.agents.append(agent_sha256)
        return [told for told in self.told_before if told.title in titles]

    async def projects(self, user_id: UUID) -> dict[str, int]:
        return self.own
