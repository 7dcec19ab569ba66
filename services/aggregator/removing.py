"""Removes the rows of deleted batches, a portion at a time, while nobody else writes."""

import asyncio
import logging
from dataclasses import dataclass, field

from services.aggregator.store import Database, deleted
from services.aggregator.wake import Wake
from shared.errors import TransientError
from shared.runtime.to_its_end import to_its_end

log = logging.getLogger(__name__)

# Jobs that one transaction removes: everything else waits for it.
REMOVED_AT_ONCE = 1_000
EVERY_SECONDS = 5.0
# Between portions, so that the fold is not held up.
REST_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Remover:
    """The loop that removes.

    Attributes:
        wake: Is called when there may be something to remove.
    """

    database: Database
    wake: Wake = field(default_factory=Wake)

    async def run(self) -> None:
        """Remove for ever."""
        while True:
            more = False
            try:
                more = await to_its_end(self.round())
            except TransientError as error:
                log.warning("deleted batches stay: %s", error)
            # A busy fold calls many times a second.
            await asyncio.sleep(REST_SECONDS)
            if not more:
                await self.wake.wait(EVERY_SECONDS)

    async def round(self) -> bool:
        """Remove one portion; return whether there may be more."""
        async with self.database.transaction() as connection:
            if await deleted.left(connection) is None:
                return False
        # Who began before the batch was deleted has ended then, and who begins after knows.
        async with self.database.alone() as connection:
            batch_id = await deleted.left(connection)
            if batch_id is not None:
                await deleted.remove(connection, batch_id, REMOVED_AT_ONCE)
        return True
