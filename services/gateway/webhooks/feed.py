"""Takes endings, failures and used up budgets out of Kafka: once each, whoever dies in between.

Everything it writes has an id that depends on the event alone, and is written before the
offset moves: what is read twice is told once.
"""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import uuid5

from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.notifications import Notification, NotificationStore
from services.gateway.webhooks.messages import Message, message_of
from shared.errors import PermanentError
from shared.events import CATALOG, Event

log = logging.getLogger(__name__)

Partition = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Feed:
    """What the runtime's consumer feeds.

    Attributes:
        decode: From a record to its event; the runtime's.
        dead_letter: Puts a record aside and returns once Kafka has it.
        told: Is called when there may be something to send.
    """

    notifications: NotificationStore
    deliveries: DeliveryStore
    decode: Callable[[type[Event], Any], Event]
    dead_letter: Callable[[Any, BaseException], Awaitable[None]]
    told: Callable[[], None]

    async def read(self, records: Sequence[Any]) -> Callable[[], Awaitable[None]]:
        """Return what tells users of what `records` say."""
        return partial(self, records)

    async def __call__(self, records: Sequence[Any]) -> None:
        """Tell users of what `records` say.

        Raises:
            TransientError: try the same records again.
        """
        for record in records:
            try:
                message = message_of(self.decode(CATALOG[record.topic], record))
            except PermanentError as error:
                await self.dead_letter(record, error)
                continue
            if message is not None:
                await self.tell(message)
        ends = {(record.topic, record.partition): record.offset + 1 for record in records}
        await self.notifications.move(ends)
        self.told()

    async def tell(self, message: Message) -> None:
        """Show it, and have it sent to who listens."""
        if message.is_shown:
            await self.notifications.add(
                Notification(
                    notification_id=uuid5(message.origin, "notification"),
                    user_id=message.user_id,
                    type=message.type,
                    data=message.data,
                    at=message.at,
                )
            )
        for webhook_id in await self.notifications.listeners(
            message.user_id, message.type, message.at
        ):
            await self.deliveries.add(
                webhook_id, uuid5(webhook_id, str(message.origin)), message.type, message.body
            )

    async def positions(self, partitions: Collection[Partition]) -> Mapping[Partition, int]:
        """Return how far users were told."""
        return await self.notifications.positions(partitions)

    async def rewind(self, partitions: Collection[Partition]) -> None:
        """Start over with topics that were made anew; what repeats is told no second time."""
        await self.notifications.move(dict.fromkeys(partitions, 0))
