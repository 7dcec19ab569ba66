"""All that tells users, around a real database."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from services.gateway.store.database import Database
from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.notifications import NotificationStore
from services.gateway.store.webhooks import Webhook, WebhookStore
from services.gateway.webhooks.endpoints import Endpoints
from services.gateway.webhooks.feed import Feed
from services.gateway.webhooks.guard import Guard
from services.gateway.webhooks.messages import EVENT_TYPES
from services.gateway.webhooks.posting import Post
from services.gateway.webhooks.secrets import SecretKeeper
from services.gateway.webhooks.sending import Sender
from shared.errors import InvalidEventError
from shared.events import BatchesCompleted, Event
from shared.postgres import open_pool
from shared.vocabulary import BatchCounts, BatchState
from tests.support.gateway import ME, vault_of
from tests.support.hooks import Receiver
from tests.support.records import Record


@dataclass
class Told:
    """All that tells users, around a real database."""

    endpoints: Endpoints
    notifications: NotificationStore
    feed: Feed
    sender: Sender
    dead: list[Record]
    database: Database

    async def add(self, told: Receiver, user_id: UUID = ME) -> tuple[Webhook, str]:
        url = f"http://hook.test:{told.port}/bolt"
        webhook, secret = await self.endpoints.add(user_id, url, EVENT_TYPES, "")
        return webhook, secret.get_secret_value()

    async def send(self) -> int:
        begun = await self.sender.round()
        await self.sender.idle()
        return begun

    async def log(self, webhook: Webhook) -> list[Any]:
        return await self.endpoints.log(webhook.user_id, webhook.webhook_id, None, None, 50)

    async def due_now(self) -> None:
        await self.database.run("UPDATE webhook_deliveries SET next_at = now()")


@asynccontextmanager
async def telling(url: str, tls: ssl.SSLContext | None = None) -> AsyncIterator[Told]:
    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    def decode(event_type: type[Event], each: Any) -> Event:
        try:
            return event_type.model_validate_json(each.value)
        except ValueError as error:
            raise InvalidEventError(str(error)) from error

    dead: list[Record] = []

    async def dead_letter(each: Record, error: BaseException) -> None:
        dead.append(each)

    guard = Guard(hosts=frozenset({"hook.test"}), resolve=resolve)
    keeper = SecretKeeper(vault_of("old"))
    async with open_pool(url) as pool:
        database = Database(pool)
        webhooks, deliveries = WebhookStore(database), DeliveryStore(database)
        notifications = NotificationStore(database)
        post = Post(guard, 1.0, tls) if tls else Post(guard, 1.0)
        sender = Sender(
            webhooks=webhooks,
            deliveries=deliveries,
            notifications=notifications,
            secrets=keeper,
            post=post,
        )
        feed = Feed(notifications, deliveries, decode, dead_letter, sender.wake)
        endpoints = Endpoints(webhooks=webhooks, deliveries=deliveries, secrets=keeper, guard=guard)
        async with post:
            yield Told(endpoints, notifications, feed, sender, dead, database)


def ended(user_id: UUID = ME, **changes: Any) -> BatchesCompleted:
    values = {
        "event_id": uuid4(),
        "batch_id": uuid4(),
        "user_id": user_id,
        "state": BatchState.COMPLETED,
        "counts": BatchCounts(total=2, completed=2),
        "seconds": 1.5,
    }
    return BatchesCompleted(**{**values, **changes})
