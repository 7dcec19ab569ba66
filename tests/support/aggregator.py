"""The aggregator around a real database, with Kafka's side written down instead of sent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from services.aggregator.fold import Fold
from services.aggregator.progress import Announcer
from services.aggregator.reading import Reader
from services.aggregator.release import Releaser
from services.aggregator.removing import Remover
from services.aggregator.store import Database
from services.aggregator.store.announcements import Pauses
from shared.errors import UnavailableError
from shared.events import Event
from shared.runtime.envelope import decode
from tests.support.artefacts import FakeArtefacts
from tests.support.records import Record

E = TypeVar("E", bound=Event)


@dataclass
class Outbox:
    """What was published, in order; refuses to take more while `away`."""

    events: list[Event] = field(default_factory=list)
    dead: list[tuple[Record, BaseException]] = field(default_factory=list)
    away: bool = False

    async def publish(self, event: Event) -> None:
        if self.away:
            raise UnavailableError("Kafka is away")
        self.events.append(event)

    async def dead_letter(self, record: Record, error: BaseException) -> None:
        if self.away:
            raise UnavailableError("Kafka is away")
        self.dead.append((record, error))

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in self.events if isinstance(event, kind)]


@dataclass
class Aggregator:
    database: Database
    outbox: Outbox
    artefacts: FakeArtefacts
    fold: Fold
    releaser: Releaser
    announcer: Announcer
    remover: Remover
    # For tests that fold a log piece by piece.
    folded: list[Event] = field(default_factory=list)

    async def batch(self, batch_id: UUID) -> dict[str, Any]:
        return await self.one("SELECT * FROM batches WHERE batch_id = $1", batch_id)

    async def job(self, job_id: UUID) -> dict[str, Any]:
        return await self.one("SELECT * FROM jobs WHERE job_id = $1", job_id)

    async def one(self, sql: str, *args: Any) -> dict[str, Any]:
        async with self.database.transaction() as connection:
            return dict(await connection.fetchrow(sql, *args))

    async def rows(self, sql: str, *args: Any) -> list[dict[str, Any]]:
        async with self.database.transaction() as connection:
            return [dict(row) for row in await connection.fetch(sql, *args)]

    async def run(self, sql: str) -> None:
        async with self.database.transaction() as connection:
            await connection.execute(sql)

    async def remove_all(self) -> None:
        while await self.remover.round():
            pass

    async def release_all(self) -> None:
        while await self.releaser.round():
            pass


@asynccontextmanager
async def aggregator(url: str, *, window: int = 1_000) -> AsyncIterator[Aggregator]:
    outbox, artefacts = Outbox(), FakeArtefacts()
    async with Database(url) as database:
        releaser = Releaser(database, outbox.publish, window)
        yield Aggregator(
            database,
            outbox,
            artefacts,
            Fold(database, Reader(decode, artefacts), outbox.dead_letter, releaser.wake.call),
            releaser,
            Announcer(database, outbox.publish, Pauses(news=0.0, retry=0.0)),
            Remover(database),
        )
