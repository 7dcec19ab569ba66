"""Removes the objects of deleted batches that nobody else refers to.

Objects are shared: what one job made another finds. So an object is hidden from the index
first. Where it is not back there after a while, nobody has found it since; and who found it
before has been folded by then, so that a row refers to it.
"""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.aggregator.store import Database, unused
from shared.errors import TransientError

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
# References are looked for in every row there is: best for many objects at once.
TAKEN_AT_ONCE = 5_000
DISCARDED_AT_ONCE = 16


class Room(Protocol):
    """Where the objects are."""

    async def hide(self, key: str) -> None:
        """Have the index forget an object."""
        ...

    async def discard(self, key: str, *, grace: timedelta) -> bool:
        """Remove an object; return whether it is gone, which it is not where it is used."""
        ...


@dataclass(frozen=True, slots=True)
class Purger:
    """The loop that removes objects.

    Attributes:
        grace: Longer than a job may hold an object before the fold knows of it.
    """

    database: Database
    room: Room
    grace: timedelta

    async def run(self) -> None:
        """Remove for ever."""
        while True:
            more = False
            try:
                more = await self.round()
            except TransientError as error:
                log.warning("objects of deleted batches stay: %s", error)
            if not more:
                await asyncio.sleep(EVERY_SECONDS)

    async def round(self) -> bool:
        """Hide what is new, and remove what was hidden and not used since."""
        async with self.database.transaction() as connection:
            due = await unused.take(connection, self.grace, TAKEN_AT_ONCE)
            hidden = [key for key, was_hidden in due.items() if was_hidden]
            kept = await unused.kept(connection, hidden) if hidden else set()
        for key in due.keys() - set(hidden):
            await self.room.hide(key)
        gone = await self._discard([key for key in hidden if key not in kept])
        async with self.database.transaction() as connection:
            await unused.forget(connection, kept | gone)
            await unused.again(connection, set(hidden) - kept - gone)
        if gone:
            log.info("removed %d objects of deleted batches", len(gone))
        return len(due) == TAKEN_AT_ONCE

    async def _discard(self, keys: Collection[str]) -> set[str]:
        places = asyncio.Semaphore(DISCARDED_AT_ONCE)

        async def discard(key: str) -> bool:
            async with places:
                return await self.room.discard(key, grace=self.grace)

        outcomes = await asyncio.gather(*map(discard, keys))
        return {key for key, is_gone in zip(keys, outcomes, strict=True) if is_gone}
