"""Removes what nobody looks at any more: old lines of jobs' logs, lapsed dead letters."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.aggregator.store import Database, dead_letters, lines
from shared.errors import TransientError
from shared.topics import DEAD_LETTER_DAYS

log = logging.getLogger(__name__)

EVERY_SECONDS = 3_600.0
# Between portions, so that the fold is not held up.
REST_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Housekeeper:
    """The clean-up loop."""

    database: Database
    job_log_days: int

    async def run(self) -> None:
        """Clean up for ever."""
        while True:
            try:
                more = await self.round()
            except TransientError as error:
                log.warning("old log lines stay: %s", error)
                more = False
            await asyncio.sleep(REST_SECONDS if more else EVERY_SECONDS)

    async def round(self) -> bool:
        """Delete one portion; return whether there may be more."""
        now = datetime.now(UTC)
        async with self.database.transaction() as connection:
            letters = now - timedelta(days=DEAD_LETTER_DAYS)
            more = await dead_letters.sweep(connection, letters)
            return await lines.sweep(connection, now - timedelta(days=self.job_log_days)) or more
