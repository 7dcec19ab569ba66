"""/webhooks/{id}/ping and /deliveries: what was sent, and what came of it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from services.gateway import cursors
from services.gateway.deps import Me, TheWebhooks
from services.gateway.routes.paging import PageQuery, TheNextPage
from services.gateway.routes.webhooks import WebhookId
from services.gateway.store.deliveries import Delivery

router = APIRouter(prefix="/webhooks/{webhook_id}", tags=["webhooks"])

State = Literal["pending", "delivered", "failed"]
DeliveryId = Annotated[UUID, Path(description="The message.")]
DISABLED: dict[int | str, dict[str, Any]] = {
    409: {"description": "The webhook is disabled; enable it first."}
}


class DeliveryQuery(PageQuery):
    """Which messages are wanted."""

    state: State | None = Field(default=None, description="Only those that stand so.")


class TryRead(BaseModel):
    """What one sending came to."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    status: int | None = Field(description="What you answered; null: nothing.", examples=[500])
    latency_ms: int = Field(examples=[182])
    error: str | None = Field(examples=["answered 500"])
    excerpt: str = Field(description="How your answer began.")


class DeliveryRead(BaseModel):
    """A message to a webhook."""

    model_config = ConfigDict(from_attributes=True)

    delivery_id: UUID = Field(description="`webhook-id` is `msg_` and this, without dashes.")
    type: str = Field(examples=["batch.completed"])
    state: State
    tries: int = Field(examples=[1])
    next_at: datetime | None = Field(description="When it is sent again.")
    created_at: datetime
    delivered_at: datetime | None


class DeliveryDetails(DeliveryRead):
    """A message, what it says, and every sending."""

    body: str = Field(description="As it is sent, and signed.")
    log: list[TryRead]


class DeliveriesRead(BaseModel):
    """Messages, newest first."""

    items: list[DeliveryRead]
    next_cursor: str | None


@router.post(
    "/ping", status_code=202, response_model=DeliveryRead, responses=DISABLED, summary="Test it"
)
async def ping_webhook(webhook_id: WebhookId, me: Me, webhooks: TheWebhooks) -> Delivery:
    """Send `webhook.ping`, whatever the webhook is for. Its delivery shows what came of it."""
    return await webhooks.ping(me.user_id, webhook_id)


@router.get("/deliveries", summary="List what was sent")
async def list_deliveries(
    webhook_id: WebhookId,
    query: Annotated[DeliveryQuery, Query()],
    me: Me,
    webhooks: TheWebhooks,
    next_page: TheNextPage,
) -> DeliveriesRead:
    """Return messages, newest first. They are kept for 30 days (`WEBHOOK_LOG_DAYS`)."""
    after = cursors.after(query.cursor)
    found = await webhooks.log(me.user_id, webhook_id, query.state, after, query.limit + 1)
    page = cursors.cut(found, query.limit, lambda row: (row.created_at, row.delivery_id))
    next_page.link(page.next_cursor)
    items = [DeliveryRead.model_validate(each) for each in page.items]
    return DeliveriesRead(items=items, next_cursor=page.next_cursor)


@router.get("/deliveries/{delivery_id}", summary="Read what was sent")
async def read_delivery(
    webhook_id: WebhookId, delivery_id: DeliveryId, me: Me, webhooks: TheWebhooks
) -> DeliveryDetails:
    """Return a message and the log of its sendings."""
    delivery = await webhooks.delivery(me.user_id, webhook_id, delivery_id)
    log = [TryRead.model_validate(each) for each in await webhooks.tries(delivery)]
    read = DeliveryRead.model_validate(delivery).model_dump()
    return DeliveryDetails(**read, body=delivery.body, log=log)


@router.post(
    "/deliveries/{delivery_id}/redeliver",
    status_code=202,
    response_model=DeliveryRead,
    summary="Send it again",
)
async def redeliver(
    webhook_id: WebhookId, delivery_id: DeliveryId, me: Me, webhooks: TheWebhooks
) -> Delivery:
    """Send a message once more, under the same `webhook-id`, with all its tries before it."""
    return await webhooks.redeliver(me.user_id, webhook_id, delivery_id)
