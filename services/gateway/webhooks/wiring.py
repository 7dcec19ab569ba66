"""How telling users is put together."""

from datetime import timedelta
from typing import Any

from services.gateway.settings import Settings
from services.gateway.store.database import Database
from services.gateway.store.deliveries import DeliveryStore
from services.gateway.store.notifications import NotificationStore
from services.gateway.store.webhooks import WebhookStore
from services.gateway.webhooks.endpoints import Endpoints
from services.gateway.webhooks.feed import Feed
from services.gateway.webhooks.guard import Guard
from services.gateway.webhooks.posting import Post
from services.gateway.webhooks.secrets import SecretKeeper
from services.gateway.webhooks.sending import Sender
from services.gateway.webhooks.telling import Sweeper, Telling
from shared import topics
from shared.events import Event
from shared.quota import vault
from shared.runtime import Service
from shared.runtime.envelope import decode
from shared.runtime.fold import FoldLoop

NAME = "gateway"


def create(settings: Settings, service: Service, database: Database) -> Telling:
    """Return it, as the settings say."""
    keeper = SecretKeeper(vault.create() if vault.configured() else None)
    guard = Guard(settings.webhook_allow_http, settings.exempt_webhook_hosts)
    webhooks, deliveries = WebhookStore(database), DeliveryStore(database)
    notifications = NotificationStore(database)
    sender = Sender(
        webhooks=webhooks,
        deliveries=deliveries,
        notifications=notifications,
        secrets=keeper,
        post=Post(guard, settings.webhook_seconds),
        longest_failing=timedelta(days=settings.webhook_disable_days),
    )
    feed = Feed(notifications, deliveries, _decoded, service.dead_letter, sender.wake)
    followed = [topic.name for topic in topics.DECLARED if NAME in topic.consumed_by]
    sweeper = Sweeper(
        deliveries,
        notifications,
        timedelta(days=settings.webhook_log_days),
        timedelta(days=settings.notification_days),
    )
    return Telling(
        Endpoints(webhooks=webhooks, deliveries=deliveries, secrets=keeper, guard=guard),
        notifications,
        (
            FoldLoop(NAME, settings, topics=followed, fold=feed, max_records=500).run,
            sender.run,
            sweeper.run,
        ),
    )


def _decoded(event_type: type[Event], record: Any) -> Event:
    return decode(
        event_type,
        record.value,
        record.headers,
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        timestamp=record.timestamp,
    )
