"""What the gateway sums up, in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.gateway.store.analytics import Period
from services.gateway.store.provider_calls import Answers
from shared.errors import UnavailableError

NOTHING: dict[str, Any] = {
    **dict.fromkeys(("jobs", "completed", "failed", "cancelled", "batches", "languages"), 0),
    **dict.fromkeys(("voices", "cached_jobs", "calls", "characters"), 0),
    **dict.fromkeys(("audio_seconds", "cost_usd"), 0.0),
    "seconds": None,
}


@dataclass
class FakeSums:
    asked: list[Period] = field(default_factory=list)
    now: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    spending: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    buckets: list[Mapping[str, Any]] = field(default_factory=list)

    async def totals(self, period: Period) -> Mapping[str, Any]:
        self.asked.append(period)
        return self.now

    async def spent(self, period: Period, by: str) -> list[Mapping[str, Any]]:
        self.asked.append(period)
        return self.spending.get(by, [])

    async def trend(self, period: Period, interval: str) -> list[Mapping[str, Any]]:
        return self.buckets

    async def liked(self, period: Period, column: str, limit: int) -> list[Mapping[str, Any]]:
        return []

    async def failures(self, period: Period, limit: int) -> list[Mapping[str, Any]]:
        return []

    async def tries(self, period: Period, limit: int) -> list[Mapping[str, Any]]:
        return []


@dataclass
class FakeCalls:
    answers: list[Answers] = field(default_factory=list)
    away: bool = False

    async def between(self, since: datetime, until: datetime) -> list[Answers]:
        if self.away:
            raise UnavailableError("Redis: gone")
        return self.answers
