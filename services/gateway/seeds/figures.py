"""Figures by the names of those days."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, Field

from services.gateway.store.analytics import Period

LOOKED_BACK = timedelta(days=30)


class CacheSeen(BaseModel):
    """How often something was there already."""

    hit_rate: float = Field(description="Of 100 completed jobs.", examples=[85.0])
    hits: int
    misses: int
    provider_breakdown: dict[str, int] = Field(
        description="Calls, by provider.", examples=[{"gtts": 120}]
    )

    @classmethod
    def of(cls, figures: dict[str, Any]) -> Self:
        """Return how it was shown then."""
        hits = figures["cached_jobs"]
        misses = figures["completed"] - hits
        calls: dict[str, int] = {}
        for spent in figures["by_provider"]:
            calls[spent["name"]] = calls.get(spent["name"], 0) + spent["calls"]
        rate = 100 * hits / (hits + misses) if hits + misses else 0.0
        return cls(hit_rate=round(rate, 2), hits=hits, misses=misses, provider_breakdown=calls)


class ProcessorSeen(BaseModel):
    """What was done."""

    total_processed: int = Field(examples=[400])
    completed: int
    failed: int
    audio_seconds: float
    cost_usd: float

    @classmethod
    def of(cls, figures: dict[str, Any]) -> Self:
        """Return how it was shown then."""
        return cls(
            total_processed=figures["completed"] + figures["failed"],
            completed=figures["completed"],
            failed=figures["failed"],
            audio_seconds=figures["audio_seconds"],
            cost_usd=figures["cost_usd"],
        )


class FiguresSeen(BaseModel):
    """What was done in the last 30 days."""

    cache_stats: CacheSeen
    processor_stats: ProcessorSeen

    @classmethod
    def of(cls, figures: dict[str, Any]) -> Self:
        """Return how it was shown then."""
        return cls(cache_stats=CacheSeen.of(figures), processor_stats=ProcessorSeen.of(figures))


def lately(user_id: UUID) -> Period:
    """Return the last 30 days of a user."""
    now = datetime.now(UTC)
    return Period(user_id=user_id, since=now - LOOKED_BACK, until=now)
