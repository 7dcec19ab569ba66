"""Dead letters for tests of the gateway's routes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from services.gateway.cursors import After
from services.gateway.putting_right import DeadLetters
from services.gateway.redriving import Place, Redriver
from services.gateway.store.dead_letters import (
    DeadLetter,
    LetterFilter,
    RedriveOrder,
    Verdicts,
)
from services.gateway.store.redrives import Due, Redrive
from shared.errors import InvalidRequestError, UnavailableError
from tests.support.records import Record

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def letter(**changes: Any) -> DeadLetter:
    number = changes.pop("number", 0)
    values: dict[str, Any] = {
        "letter_id": uuid4(),
        "topic": "script.adapted.narrator.dead",
        "partition": 1,
        "at_offset": number,
        "from_topic": "script.adapted",
        "from_partition": 2,
        "from_offset": 40,
        "from_at": NOW,
        "service": "narrator",
        "version": "1.0.0",
        "kind": "bug",
        "error": "KeyError",
        "code": "bug",
        "reason": "'voice'",
        "attempts": 1,
        "first_at": NOW,
        "dead_at": NOW + timedelta(seconds=number),
        "job_id": uuid4(),
        "batch_id": None,
        "user_id": None,
        "run": 1,
        "redrives": 0,
        "bytes": 3,
        "elsewhere": False,
        "sent_again": False,
    }
    return DeadLetter(**values | changes)


def due(**changes: Any) -> Due:
    values: dict[str, Any] = {
        "letter_id": uuid4(),
        "number": 1,
        "topic": "script.adapted.narrator.dead",
        "partition": 1,
        "at_offset": 0,
        "from_topic": "script.adapted",
        "from_partition": 2,
        "from_offset": 40,
        "service": "narrator",
        "elsewhere": False,
        "event_id": uuid4(),
        "job_id": uuid4(),
        "run": 2,
        "requested_at": NOW,
    }
    return Due(**values | changes)


@dataclass
class FakeDeadLetters:
    """The tables and Kafka at once."""

    rows: list[DeadLetter] = field(default_factory=list)
    orders: list[RedriveOrder] = field(default_factory=list)
    verdicts: Verdicts = field(default_factory=lambda: Verdicts(1, 0, 0))
    records: dict[Place, Record] = field(default_factory=dict)
    redrives: list[Redrive] = field(default_factory=list)
    dues: list[Due] = field(default_factory=list)
    outcomes: dict[UUID, str] = field(default_factory=dict)
    sent: list[tuple[bytes, Due]] = field(default_factory=list)
    refused: type[Exception] | None = None

    def wired(self) -> DeadLetters:
        return DeadLetters(self, Redriver(cast(Any, self), self), self)

    async def get(self, letter_id: UUID) -> DeadLetter | None:
        return next((row for row in self.rows if row.letter_id == letter_id), None)

    async def page(self, wanted: LetterFilter, after: After | None, limit: int) -> list[DeadLetter]:
        found = [row for row in self.rows if wanted.service in (None, row.service)]
        found.sort(key=lambda row: (row.dead_at, row.letter_id), reverse=True)
        if after:
            found = [r for r in found if (r.dead_at, r.letter_id) < (after.created_at, after.id)]
        return found[:limit]

    async def redrive(self, order: RedriveOrder) -> Verdicts:
        self.orders.append(order)
        return self.verdicts

    async def of(self, _: UUID) -> list[Redrive]:
        return self.redrives

    async def take(self, limit: int) -> list[Due]:
        taken, self.dues = self.dues[:limit], self.dues[limit:]
        return taken

    async def settle(self, outcomes: list[tuple[Due, str]]) -> None:
        self.outcomes |= {each.letter_id: outcome for each, outcome in outcomes}

    async def put_back(self, dues: list[Due]) -> None:
        self.dues += dues

    async def read(self, wanted: Collection[Place]) -> Mapping[Place, Record]:
        if self.refused is UnavailableError:
            raise UnavailableError("no broker")
        return {place: self.records[place] for place in wanted if place in self.records}

    async def resend(self, _: Any, value: bytes, redrive: Due) -> None:
        if self.refused is InvalidRequestError:
            raise InvalidRequestError("too large")
        self.sent.append((value, redrive))
