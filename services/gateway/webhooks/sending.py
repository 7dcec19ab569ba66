"""Sends what is due, for ever: the schedule is in the database, and any gateway may send."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from services.gateway.errors import NotConfiguredError
from services.gateway.store.deliveries import DeliveryStore, Due, Try
from services.gateway.store.notifications import Notification, NotificationStore
from services.gateway.store.webhooks import WebhookStore
from services.gateway.webhooks.messages import DISABLED
from services.gateway.webhooks.posting import Post
from services.gateway.webhooks.schedule import pause_after
from services.gateway.webhooks.secrets import SecretKeeper
from shared.errors import RefusedError, UnavailableError

log = logging.getLogger(__name__)

PER_WEBHOOK = 3
AT_ONCE = 200
EVERY_SECONDS = 1.0
OUTAGE_SECONDS = 5.0
# A process that died gives its messages back after this; a sending ends long before.
HOLD = timedelta(seconds=60)
GONE = 410
LONGEST_FAILING = timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """The sending loop.

    Attributes:
        longest_failing: A webhook that took nothing for so long is disabled.
    """

    webhooks: WebhookStore
    deliveries: DeliveryStore
    notifications: NotificationStore
    secrets: SecretKeeper
    post: Post
    longest_failing: timedelta = LONGEST_FAILING
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        """Look now whether something is due."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; what is under way then is sent again by somebody."""
        async with self.post:
            try:
                while True:
                    await self._surely(self.round)
                    await self._rest()
            finally:
                for task in self._under_way:
                    task.cancel()

    async def round(self) -> int:
        """Begin to send what is due; return how much."""
        free = AT_ONCE - len(self._under_way)
        if free <= 0:
            return 0
        due = await self.deliveries.take(per_webhook=PER_WEBHOOK, limit=free, hold=HOLD)
        for each in due:
            task = asyncio.create_task(self._surely(partial(self.deliver, each)))
            self._under_way.add(task)
            task.add_done_callback(self._done)
        return len(due)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    async def deliver(self, due: Due) -> None:
        """Send one message, and note what came of it."""
        sealed = await self.webhooks.sealed(due.webhook_id)
        if sealed is None:
            return
        try:
            tried = await self.post.send(due, self.secrets.open(sealed, webhook_id=due.webhook_id))
        except (RefusedError, NotConfiguredError) as error:
            tried = Try(status=None, latency_ms=0, error=f"its secret does not open: {error}")
        await self.deliveries.tried(due.delivery_id, tried)
        if tried.error is None:
            await self.deliveries.settle(due.delivery_id, "delivered", again=None)
            await self.webhooks.well(due.webhook_id)
        else:
            await self._failed(due, tried)

    async def _failed(self, due: Due, tried: Try) -> None:
        again = pause_after(due.tries)
        state = "pending" if again else "failed"
        await self.deliveries.settle(due.delivery_id, state, again=again)
        too_long = await self.webhooks.failing(due.webhook_id, longest=self.longest_failing)
        if tried.status == GONE:
            await self._disable(due.webhook_id, "it answered 410: it is gone")
        elif too_long:
            days = self.longest_failing.days
            await self._disable(due.webhook_id, f"it took nothing for {days} days: {tried.error}")

    async def _disable(self, webhook_id: UUID, reason: str) -> None:
        webhook = await self.webhooks.disable(webhook_id, reason)
        if webhook is not None:
            log.warning("webhook %s is disabled: %s", webhook_id, reason)
            await self.notifications.add(
                Notification(
                    notification_id=uuid4(),
                    user_id=webhook.user_id,
                    type=DISABLED,
                    data={"webhook_id": str(webhook_id), "url": webhook.url, "reason": reason},
                    at=datetime.now(UTC),
                )
            )

    async def _surely(self, work: Callable[[], Awaitable[object]]) -> None:
        try:
            await work()
        except UnavailableError as error:
            # What is held comes free by itself.
            log.warning("webhooks: %s", error)
            await asyncio.sleep(OUTAGE_SECONDS)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(EVERY_SECONDS):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    def _done(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a webhook's message could not be settled", exc_info=error)
        self.wake()
