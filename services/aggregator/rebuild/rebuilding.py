"""From the log to the state: beside the one in use, then in its place, at once."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from services.aggregator.fold import Fold
from services.aggregator.rebuild.announced import Told
from services.aggregator.release import Releaser
from services.aggregator.removing import Remover
from services.aggregator.store.shadow import Difference, Shadow
from shared.runtime.one_ahead import OneAhead
from shared.topics import DECLARED

log = logging.getLogger(__name__)

Offsets = dict[tuple[str, int], int]

# So many that most of them tell the whole of what happened to a job.
PORTION = 20_000
# So few that the live fold need not go on while they are folded.
NEARLY = 20_000
ROUNDS = 10
SHOWN = 20
# How long a comparison waits for the live fold to have nothing in hand.
QUIET_SECONDS = 20.0
# Nothing that happens to a batch is told by these alone.
NO_HORIZON = {topic.name for topic in DECLARED if topic.compacted} | {"jobs.progress"}
RETENTION = {topic.name: timedelta(milliseconds=topic.retention_ms) for topic in DECLARED}


class Log(Protocol):
    """The runtime's `Replay`."""

    first: dict[tuple[str, int], int]
    oldest: dict[tuple[str, int], int]

    async def ends(self) -> Offsets:
        """Return where each partition ends now."""
        ...

    def records(self, until: Mapping[tuple[str, int], int], portion: int) -> Any:
        """Yield what was not yet read before `until`."""
        ...


@dataclass(slots=True)
class Report:
    """What came of it.

    Attributes:
        kept: Batches that the log does not reach back to, or does not know.
        behind: Records that the live fold had not taken in when it was compared.
    """

    records: int = 0
    seconds: float = 0.0
    kept: int = 0
    behind: int = 0
    horizon: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Everything that takes part.

    Attributes:
        shadow: Where the state is made.
        fold: The fold, upon the tables of `shadow`.
        releaser: Likewise; it only cancels.
        remover: Likewise.
        log: What is folded.
        told: Opens what watchers were told.
        tell: Is called with how many records are folded, and of how many.
    """

    shadow: Shadow
    fold: Fold
    releaser: Releaser
    remover: Remover
    log: Log
    told: Callable[[], AbstractAsyncContextManager[Log]]
    tell: Callable[[int, int], None]

    async def run(self) -> Report:
        """Put the state that the log gives in the place of what there is."""
        report = Report()
        for _ in range(ROUNDS):
            if await self._follow(report, await self.log.ends()) < NEARLY:
                break
        await self.shadow.begin()
        try:
            await self._follow(report, await self.log.ends())
            await self._finish(report)
            await self._announce()
            report.counts = await self.shadow.switch()
            await self.shadow.commit()
        except BaseException:
            await self.shadow.abandon()
            raise
        return report

    async def check(self) -> Report:
        """Compare what the log gives with what there is, and change nothing."""
        report = Report()
        await self._follow(report, await self._folded_live())
        await self._quiet(report)
        try:
            await self._follow(report, await self._folded_live())
            await self._finish(report)
            report.counts, report.differences = await self.shadow.differences(SHOWN)
        finally:
            await self.shadow.abandon()
        return report

    async def _follow(self, report: Report, until: Offsets) -> int:
        before, total = report.records, sum(until.values()) - sum(self.log.first.values())
        writing = OneAhead()
        try:
            async for portion in self.log.records(until, PORTION):
                await writing.begin(await self.fold.read(portion))
                report.records += len(portion)
                self.tell(report.records, max(total, report.records))
            await writing.done()
        finally:
            await writing.stop()
        return report.records - before

    async def _finish(self, report: Report) -> None:
        while await self.releaser.cancel():
            pass
        while await self.remover.round():
            pass
        report.horizon = self._horizon()
        report.kept = await self.shadow.keep(report.horizon)

    async def _announce(self) -> None:
        missing = await self.shadow.missing()
        if not missing:
            return
        told = Told(frozenset(str(row["batch_id"]).encode() for row in missing))
        async with self.told() as spoken:
            await told.listen(spoken.records(await spoken.ends(), PORTION))
        await self.shadow.announce({row["batch_id"]: told.of(row) for row in missing})

    async def _folded_live(self) -> Offsets:
        return await self.log.ends() | await self.shadow.positions()

    async def _quiet(self, report: Report) -> None:
        """Stop the live fold, best where it has taken in everything."""
        deadline = asyncio.get_running_loop().time() + QUIET_SECONDS
        while True:
            await self.shadow.begin()
            ends = await self.log.ends()
            live = ends | await self.shadow.positions()
            report.behind = sum(max(0, end - live[place]) for place, end in ends.items())
            if not report.behind or asyncio.get_running_loop().time() > deadline:
                return
            await self.shadow.abandon()
            await asyncio.sleep(0.2)

    def _horizon(self) -> datetime | None:
        """Return before when the log may have lost something; None where it is whole."""
        trimmed = [
            place
            for place, offset in self.log.first.items()
            if offset > 0 and place[0] in RETENTION and place[0] not in NO_HORIZON
        ]
        return max((self._oldest(place) for place in trimmed), default=None)

    def _oldest(self, place: tuple[str, int]) -> datetime:
        if place in self.log.oldest:
            return datetime.fromtimestamp(self.log.oldest[place] / 1_000, UTC)
        return datetime.now(UTC) - RETENTION[place[0]]
