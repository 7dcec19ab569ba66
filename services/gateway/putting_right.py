"""Dead letters as an operator works with them: what there is, what it says, send it again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from services.gateway.cursors import After
from services.gateway.redriving import Kafka, Place, Redriver
from services.gateway.store.database import Database
from services.gateway.store.dead_letters import (
    DeadLetter,
    DeadLetterStore,
    LetterFilter,
    RedriveOrder,
    Verdicts,
)
from services.gateway.store.redrives import Redrive, RedriveStore


class Letters(Protocol):
    """The list."""

    async def get(self, letter_id: UUID) -> DeadLetter | None:
        """Return one, or None."""
        ...

    async def page(
        self, wanted: LetterFilter, after: After | None, limit: int
    ) -> Sequence[DeadLetter]:
        """Return some, newest first."""
        ...

    async def redrive(self, order: RedriveOrder) -> Verdicts:
        """Mark what is to be sent again."""
        ...


class Records(Protocol):
    """The records themselves."""

    async def read(self, wanted: Collection[Place]) -> Mapping[Place, Any]:
        """Return those that are still there."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """What a dead letter holds: its record, and every time it was sent again."""

    key: bytes | None
    value: bytes | None
    headers: Mapping[str, str]
    redrives: Sequence[Redrive]


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Every dead letter of every service."""

    letters: Letters
    redriver: Redriver
    records: Records

    async def content(self, letter: DeadLetter) -> Content | None:
        """Return what it holds; None where Kafka does not have it any more.

        Raises:
            UnavailableError: Kafka did not answer.
        """
        place = (letter.topic, letter.partition, letter.at_offset)
        redrives = await self.redriver.redrives.of(letter.letter_id)
        record = (await self.records.read([place])).get(place)
        if record is None:
            return None
        headers = {
            name: value.decode("utf-8", "replace")
            for name, value in record.headers
            if value is not None
        }
        return Content(record.key, record.value, headers, redrives)

    async def redrive(self, order: RedriveOrder) -> Verdicts:
        """Have dead letters sent again; returns before they are."""
        verdicts = await self.letters.redrive(order)
        self.redriver.wake()
        return verdicts


def dead_letters(database: Database, kafka: Kafka) -> DeadLetters:
    """Return them as `database` lists them and `kafka` holds them."""
    return DeadLetters(DeadLetterStore(database), Redriver(RedriveStore(database), kafka), kafka)
