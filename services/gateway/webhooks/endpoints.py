"""What users may do with their webhooks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from pydantic import SecretStr

from services.gateway.cursors import After
from services.gateway.errors import ConflictError, InvalidFieldsError, NotFoundError
from services.gateway.problems import FieldError
from services.gateway.store.deliveries import Delivery, DeliveryStore, Try
from services.gateway.store.webhooks import Webhook, WebhookChange, WebhookStore
from services.gateway.webhooks import secrets
from services.gateway.webhooks.guard import ForbiddenAddressError, Guard
from services.gateway.webhooks.messages import PING, Message
from services.gateway.webhooks.secrets import SecretKeeper

MOST_WEBHOOKS = 20
# Both secrets sign for so long after a rotation.
OVERLAP = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Everybody's webhooks, each user's own."""

    webhooks: WebhookStore
    deliveries: DeliveryStore
    secrets: SecretKeeper
    guard: Guard

    async def add(
        self, user_id: UUID, url: str, events: Sequence[str], description: str
    ) -> tuple[Webhook, SecretStr]:
        """Keep a webhook; return it with its secret, this once.

        Raises:
            ApiError: the address is not allowed, there are too many, or nothing can be sealed.
        """
        self._check(url)
        now = datetime.now(UTC)
        new = Webhook(
            webhook_id=uuid4(),
            user_id=user_id,
            url=url,
            description=description,
            events=sorted(set(events)),
            enabled=True,
            disabled_reason=None,
            failing_since=None,
            created_at=now,
            updated_at=now,
        )
        secret = secrets.make()
        sealed = self.secrets.seal(secret, user_id=user_id, webhook_id=new.webhook_id)
        kept = await self.webhooks.add(new, sealed, most=MOST_WEBHOOKS)
        if kept is None:
            raise ConflictError(f"you have {MOST_WEBHOOKS} webhooks; remove one first")
        return kept, secret

    async def all(self, user_id: UUID) -> list[Webhook]:
        """Return a user's webhooks."""
        return await self.webhooks.all(user_id)

    async def get(self, user_id: UUID, webhook_id: UUID) -> Webhook:
        """Return one.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        return _found(await self.webhooks.get(user_id, webhook_id), webhook_id)

    async def change(self, user_id: UUID, webhook_id: UUID, change: WebhookChange) -> Webhook:
        """Change one.

        Raises:
            ApiError: there is none, or its new address is not allowed.
        """
        if change.url is not None:
            self._check(change.url)
        return _found(await self.webhooks.change(user_id, webhook_id, change), webhook_id)

    async def remove(self, user_id: UUID, webhook_id: UUID) -> None:
        """Forget one and its log.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        if not await self.webhooks.remove(user_id, webhook_id):
            raise NotFoundError(f"you have no webhook {webhook_id}")

    async def rotate(self, user_id: UUID, webhook_id: UUID) -> tuple[Webhook, SecretStr]:
        """Give one a new secret; the one before signs as well for a day.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        secret = secrets.make()
        sealed = self.secrets.seal(secret, user_id=user_id, webhook_id=webhook_id)
        rotated = await self.webhooks.rotate(user_id, webhook_id, sealed, overlap=OVERLAP)
        return _found(rotated, webhook_id), secret

    async def ping(self, user_id: UUID, webhook_id: UUID) -> Delivery:
        """Have a message sent that says nothing else.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
            ConflictError: it is disabled.
        """
        webhook = await self.get(user_id, webhook_id)
        if not webhook.enabled:
            raise ConflictError("this webhook is disabled; enable it first")
        delivery_id = uuid4()
        data = {"webhook_id": str(webhook_id)}
        message = Message(delivery_id, user_id, PING, datetime.now(UTC), data)
        await self.deliveries.add(webhook_id, delivery_id, message.type, message.body)
        return await self.delivery(user_id, webhook_id, delivery_id)

    async def log(
        self, user_id: UUID, webhook_id: UUID, state: str | None, after: After | None, limit: int
    ) -> list[Delivery]:
        """Return messages, newest first.

        Raises:
            NotFoundError: there is no such webhook, or it is somebody else's.
        """
        await self.get(user_id, webhook_id)
        return await self.deliveries.page(user_id, webhook_id, state, after, limit)

    async def delivery(self, user_id: UUID, webhook_id: UUID, delivery_id: UUID) -> Delivery:
        """Return one message.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        found = await self.deliveries.get(user_id, webhook_id, delivery_id)
        if found is None:
            raise NotFoundError(f"webhook {webhook_id} has no delivery {delivery_id}")
        return found

    async def tries(self, delivery: Delivery) -> list[Try]:
        """Return what the sendings of a message came to."""
        return await self.deliveries.tries(delivery.delivery_id)

    async def redeliver(self, user_id: UUID, webhook_id: UUID, delivery_id: UUID) -> Delivery:
        """Have a message sent once more, under the same id.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        await self.delivery(user_id, webhook_id, delivery_id)
        await self.deliveries.again(delivery_id)
        return await self.delivery(user_id, webhook_id, delivery_id)

    def _check(self, url: str) -> None:
        try:
            self.guard.check(url)
        except ForbiddenAddressError as error:
            raise InvalidFieldsError([FieldError(pointer="/url", detail=str(error))]) from error


def _found(webhook: Webhook | None, webhook_id: UUID) -> Webhook:
    if webhook is None:
        raise NotFoundError(f"you have no webhook {webhook_id}")
    return webhook
