"""The command: what it takes, what it says, and how it is wired."""

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any

from services.aggregator.fold import Fold
from services.aggregator.reading import FOLDED, Reader
from services.aggregator.rebuild.rebuilding import Rebuild, Report
from services.aggregator.release import Releaser
from services.aggregator.removing import Remover
from services.aggregator.settings import Settings
from services.aggregator.store import Database
from services.aggregator.store.shadow import Shadow
from services.aggregator.store.tables import SCHEMA
from shared import topics
from shared.artefacts import Artefacts
from shared.errors import PipelineError
from shared.events import Event
from shared.providers import storage
from shared.runtime import collecting
from shared.runtime.envelope import decode
from shared.runtime.replay import Replay

log = logging.getLogger("bolt.rebuild")

TOLD = (topics.BATCHES_PROGRESS.name, topics.BATCHES_COMPLETED.name)
# 1: it could not be done; 3: --check found differences.
FAILED, DIFFERENT = 1, 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Rebuild, or compare; exit with 3 where there are differences."""
    parser = argparse.ArgumentParser(
        prog="bolt rebuild", description="Make all batches and jobs again from the log."
    )
    parser.add_argument("--check", action="store_true", help="only compare, change nothing")
    only_check: bool = parser.parse_args(arguments).check
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("aiokafka").setLevel(logging.WARNING)
    collecting.settle(collecting.FOLDING)
    started = time.perf_counter()
    try:
        report = asyncio.run(rebuild(Settings(), only_check=only_check))
    except PipelineError as error:
        log.error("nothing was changed: %s", error)  # noqa: TRY400 - the person needs no trace
        sys.exit(FAILED)
    report.seconds = time.perf_counter() - started
    _show(report, only_check=only_check)
    if report.differences:
        sys.exit(DIFFERENT)


async def rebuild(settings: Settings, *, only_check: bool = False) -> Report:
    """Do it with what the settings name.

    Raises:
        PipelineError: it cannot be done; nothing was changed.
    """
    async with AsyncExitStack() as stack:
        artefacts = await stack.enter_async_context(
            Artefacts(
                storage.create(settings.storage),
                redis_url=settings.redis_url,
                ttl_days=settings.artefact_ttl_days,
            )
        )
        shadow = await stack.enter_async_context(Shadow(settings.database_url))
        tables = await stack.enter_async_context(Database(settings.database_url, schema=SCHEMA))
        work = Rebuild(
            shadow=shadow,
            fold=Fold(tables, Reader(decode, artefacts), _known_already, lambda: None),
            releaser=Releaser(tables, _say_nothing, 1),
            remover=Remover(tables),
            log=await stack.enter_async_context(Replay("rebuild", settings, FOLDED)),
            told=lambda: Replay("rebuild", settings, TOLD),
            tell=_tell,
        )
        return await (work.check() if only_check else work.run())


async def _known_already(record: Any, error: BaseException) -> None:
    # It was put aside when it was met first.
    log.debug("no event: %s/%d/%d: %s", record.topic, record.partition, record.offset, error)


async def _say_nothing(event: Event) -> None:
    raise RuntimeError(f"a rebuild publishes nothing, and so not {event.topic.name}")


def _tell(records: int, total: int) -> None:
    log.info("%d of %d records", records, total)


def _show(report: Report, *, only_check: bool) -> None:
    rate = report.records / report.seconds if report.seconds else 0.0
    log.info("%d records in %.1f s: %.0f a second", report.records, report.seconds, rate)
    if report.kept:
        since = f" before {report.horizon:%Y-%m-%d %H:%M} UTC" if report.horizon else ""
        log.info("%d batches are kept as they were: not in the log%s", report.kept, since)
    if only_check and report.behind:
        log.info("the fold was %d records behind; compared at where it was", report.behind)
    verb = "differ" if only_check else "rows changed"
    for table, count in report.counts.items():
        log.info("%s: %d %s", table, count, verb)
    for each in report.differences:
        log.info("%s %s: is %s, the log gives %s", each.table, each.key, each.live, each.rebuilt)
