"""Deletes batches: written down first, then ordered, so that a crash in between loses neither.

From the moment it is written down its user does not see it any more. The aggregator removes
the rows, and the objects that nobody else uses.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from services.gateway.acceptance import Publisher
from services.gateway.errors import ConflictError
from services.gateway.store.batches import preloads_of
from shared.errors import UnavailableError
from shared.events import BatchesControl

log = logging.getLogger(__name__)

SWEEP_SECONDS = 10.0
# Publishing gives up after 15 s: a request that is being answered is not a crash.
CRASHED_AFTER = timedelta(seconds=20)
AT_ONCE = 100
# How often it is looked for batches that are old enough, or came back with a backup.
EXPIRE_SECONDS = 3_600.0


class Deletions(Protocol):
    """What deleting needs of the table `deletions`."""

    async def add(self, user_id: UUID, batch_id: UUID) -> None:
        """Hide a batch, and forget what is kept about it."""
        ...

    async def unpublished(self, *, older_than: timedelta, limit: int) -> list[UUID]:
        """Return what is not known to be ordered."""
        ...

    async def mark_published(self, batch_id: UUID) -> None:
        """Remember that Kafka has the order."""
        ...

    async def returned(self, limit: int) -> list[tuple[UUID, UUID]]:
        """Return batches that a restored backup knows, and the log says are deleted."""
        ...

    async def ended(
        self, *, older_than: timedelta, after: UUID | None, limit: int
    ) -> list[tuple[UUID, UUID]]:
        """Return batches that ended so long ago, each with its user."""
        ...


@dataclass(frozen=True, slots=True)
class Deleting:
    """Deletes what users, or the years, want gone.

    Attributes:
        keep: How long a batch stays once it has ended; None: for ever.
    """

    deletions: Deletions
    publisher: Publisher
    keep: timedelta | None = None

    async def delete(self, user_id: UUID, batch_id: UUID) -> None:
        """Delete a batch of this user's; what of it is under way is cut off.

        Raises:
            ConflictError: it is where all their preloads are.
        """
        if batch_id == preloads_of(user_id):
            raise ConflictError("your preloads are in this batch: it cannot be deleted")
        await self.deletions.add(user_id, batch_id)
        await self._order(batch_id)

    async def sweep(self) -> int:
        """Order again what a process did not live to order; return how much.

        Raises:
            UnavailableError: Kafka or PostgreSQL is away; the rest stays for the next time.
        """
        left = await self.deletions.unpublished(older_than=CRASHED_AFTER, limit=AT_ONCE)
        for batch_id in left:
            await self._order(batch_id)
        return len(left)

    async def heal(self) -> int:
        """Hide again what a restored backup brought back; return how much.

        Raises:
            UnavailableError: PostgreSQL is away; the rest stays for the next time.
        """
        returned = await self.deletions.returned(AT_ONCE)
        for user_id, batch_id in returned:
            await self.deletions.add(user_id, batch_id)
        return len(returned)

    async def expire(self) -> int:
        """Delete batches that ended longer ago than they are kept; return how many.

        Raises:
            UnavailableError: Kafka or PostgreSQL is away; the rest stays for the next time.
        """
        if self.keep is None:
            return 0
        deleted, after = 0, None
        while page := await self.deletions.ended(older_than=self.keep, after=after, limit=AT_ONCE):
            for user_id, batch_id in page:
                if batch_id != preloads_of(user_id):
                    await self.delete(user_id, batch_id)
                    deleted += 1
            after = page[-1][1]
        return deleted

    async def run(self) -> None:
        """Sweep and expire for ever. Several replicas may: what is deleted twice is deleted."""
        rounds = 0
        while True:
            try:
                if swept := await self.sweep():
                    log.info("ordered %d deletions that a process had left behind", swept)
                if rounds == 0:
                    await self._look_back()
            except UnavailableError as error:
                log.warning("deleting: %s", error)
            await asyncio.sleep(SWEEP_SECONDS)
            rounds = (rounds + 1) % int(EXPIRE_SECONDS / SWEEP_SECONDS)

    async def _look_back(self) -> None:
        while healed := await self.heal():
            log.info("hid %d deleted batches that a backup brought back", healed)
        if expired := await self.expire():
            log.info("deleted %d batches that ended long ago", expired)

    async def _order(self, batch_id: UUID) -> None:
        await self.publisher.publish(BatchesControl(batch_id=batch_id, action="delete"))
        await self.deletions.mark_published(batch_id)
