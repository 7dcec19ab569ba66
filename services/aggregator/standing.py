"""Says how everything stands, for dashboards and alerts: every few seconds, from the tables."""

import asyncio
import logging
from dataclasses import dataclass

from services.aggregator.store import Database, standing
from shared.errors import TransientError
from shared.telemetry import jobs

log = logging.getLogger(__name__)

EVERY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Surveyor:
    """The loop that looks."""

    database: Database

    async def run(self) -> None:
        """Look for ever."""
        jobs.begin()
        while True:
            try:
                await self.round()
            except TransientError as error:
                log.warning("how the jobs stand cannot be read: %s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> None:
        """Look once."""
        async with self.database.transaction() as connection:
            states, oldest = await standing.read(connection)
        jobs.standing(states, oldest)
