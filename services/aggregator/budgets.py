"""Tells Redis what batches with a budget have spent, where it does not know."""

import asyncio
import logging
from dataclasses import dataclass

from services.aggregator.store import Database, usage
from shared.errors import TransientError
from shared.quota import Budgets

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Bookkeeper:
    """The loop that keeps budgets known: of new batches, and after Redis was emptied.

    Until it has spoken, no stage makes a paid call for the batch.
    """

    database: Database
    budgets: Budgets

    async def run(self) -> None:
        """Keep them known for ever."""
        while True:
            try:
                await self.round()
            except TransientError as error:
                log.warning("budgets are not known: %s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> None:
        """Tell once."""
        async with self.database.transaction() as connection:
            spent = await usage.spent(connection)
        if spent:
            await self.budgets.know(spent)
