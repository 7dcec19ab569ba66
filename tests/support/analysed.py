"""What the gateway sums up and finds again, in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.gateway.store.analytics import Period
from services.gateway.store.provider_calls import Answers
from services.gateway.store.spoken_texts import Likeness, SpokenText, UnreadCut
from shared.artefacts import Shelved
from shared.errors import UnavailableError
from shared.runtime.groups import Group
from shared.runtime.processes import Process

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


@dataclass
class FakeShelf:
    shelved: list[Shelved] = field(default_factory=list)
    cleared: int = 0

    async def stats(self) -> list[Shelved]:
        return self.shelved

    async def clear(self) -> None:
        self.cleared += 1


@dataclass
class FakeSpokenTexts:
    waiting: list[tuple[UUID, UnreadCut]] = field(default_factory=list)
    texts: list[tuple[UUID, str]] = field(default_factory=list)
    found: list[SpokenText] = field(default_factory=list)
    asked: list[tuple[UUID, Likeness]] = field(default_factory=list)

    async def unread(self, user_id: UUID, limit: int) -> list[UnreadCut]:
        return [cut for owner, cut in self.waiting if owner == user_id][:limit]

    async def add(self, user_id: UUID, of: UnreadCut, texts: Iterable[str]) -> None:
        self.texts += [(user_id, text) for text in texts]

    async def similar(self, user_id: UUID, wanted: Likeness) -> Sequence[SpokenText]:
        self.asked.append((user_id, wanted))
        return self.found


class FakeQueues:
    async def sizes(self) -> Mapping[str, int]:
        places = ("waiting", "in_flight", "parked", "scripting", "adapting", "awaiting_review")
        others = ("narrating", "dead_letters", "unpublished")
        return {"batches": 2, **dict.fromkeys((*places, *others), 1)}


async def a_narrator() -> list[Group]:
    return [Group("narrator", replicas=2, behind={"script.adapted": 40})]


@dataclass
class FakeFleet:
    processes: list[Process] = field(default_factory=list)

    async def of(self, service: str) -> list[Process]:
        return [each for each in self.processes if each.service == service]

    async def restart(self, service: str, process_id: str | None = None) -> list[Process]:
        there = await self.of(service)
        told = [each for each in there if process_id in (None, each.process_id)]
        ordered = [replace(each, ordered_at=1.0) for each in told]
        self.processes = [each for each in self.processes if each not in told] + ordered
        return ordered
