"""Everything that tells users."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.notifications import NotificationStore
from services.gateway.webhooks.endpoints import Endpoints
from shared.errors import UnavailableError

log = logging.getLogger(__name__)

EVERY_SECONDS = 3_600.0


@dataclass(frozen=True, slots=True)
class Telling:
    """What requests reach of it, and what runs as long as the process."""

    endpoints: Endpoints
    notifications: NotificationStore
    tasks: Sequence[Callable[[], Coroutine[Any, Any, None]]] = ()


@dataclass(frozen=True, slots=True)
class Sweeper:
    """Forgets what is old."""

    deliveries: DeliveryStore
    notifications: NotificationStore
    deliveries_for: timedelta
    notifications_for: timedelta

    async def run(self) -> None:
        """Forget for ever."""
        while True:
            try:
                await self.deliveries.sweep(self.deliveries_for)
                await self.notifications.sweep(self.notifications_for)
            except UnavailableError as error:
                log.warning("old deliveries and notifications stay: %s", error)
            await asyncio.sleep(EVERY_SECONDS)
