"""A rebuild around a real database, from a log that lies in memory."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.aggregator.fold import Fold
from services.aggregator.reading import Reader
from services.aggregator.rebuild.rebuilding import Rebuild
from services.aggregator.release import Releaser
from services.aggregator.removing import Remover
from services.aggregator.store import Database
from services.aggregator.store.shadow import Shadow
from services.aggregator.store.tables import SCHEMA
from shared.runtime.envelope import decode
from tests.support.aggregator import Aggregator, Outbox
from tests.support.records import Record

Place = tuple[str, int]


@dataclass
class WrittenLog:
    """Records as a `Replay` hands them out, in the order given."""

    written: list[Record] = field(default_factory=list)
    first: dict[Place, int] = field(default_factory=dict)
    oldest: dict[Place, int] = field(default_factory=dict)
    _next: dict[Place, int] = field(default_factory=dict)

    async def __aenter__(self) -> "WrittenLog":
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def ends(self) -> dict[Place, int]:
        return {(each.topic, each.partition): each.offset + 1 for each in self.written}

    async def records(
        self, until: Mapping[Place, int], portion: int
    ) -> AsyncIterator[Sequence[Any]]:
        due: list[Record] = []
        for each in self.written:
            place = (each.topic, each.partition)
            if self._next.get(place, 0) <= each.offset < until.get(place, 0):
                self._next[place] = each.offset + 1
                due.append(each)
        for start in range(0, len(due), portion):
            yield due[start : start + portion]


@asynccontextmanager
async def rebuild(
    url: str, live: Aggregator, log: WrittenLog, told: WrittenLog | None = None
) -> AsyncIterator[Rebuild]:
    outbox = Outbox()
    async with Shadow(url) as shadow, Database(url, schema=SCHEMA) as tables:
        yield Rebuild(
            shadow=shadow,
            fold=Fold(tables, Reader(decode, live.artefacts), outbox.dead_letter, lambda: None),
            releaser=Releaser(tables, outbox.publish, 1),
            remover=Remover(tables),
            log=log,
            told=lambda: told or WrittenLog(),
            tell=lambda records, total: None,
        )
        assert not outbox.events
