"""/webhooks: where you want to be told what ended."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.gateway.deps import Me, TheWebhooks
from services.gateway.store.webhooks import Webhook, WebhookChange
from services.gateway.texts import Text
from services.gateway.webhooks.endpoints import MOST_WEBHOOKS
from services.gateway.webhooks.messages import EventType

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

WebhookId = Annotated[UUID, Path(description="The webhook.")]
Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2_000,
        description="Where to send: https, and an address of the Internet.",
        examples=["https://example.com/hooks/bolt"],
        # Whom it names is looked up, and asked whether it is public, each time it is used.
        json_schema_extra={"format": "uri", "pattern": r"^https?://[!-~]+$"},
    ),
]
Events = Annotated[
    set[EventType],
    Field(
        min_length=1,
        description="What for.",
        examples=[["batch.completed", "batch.failed"]],
        # Naming one twice is no mistake.
        json_schema_extra={"uniqueItems": False},
    ),
]
OF_BATCHES: frozenset[EventType] = frozenset(
    {
        *("batch.completed", "batch.completed_with_errors", "batch.failed", "batch.cancelled"),
        "batch.budget_reached",
    }
)


class WebhookCreate(BaseModel):
    """Where, and what for."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    events: Events = Field(default=set(OF_BATCHES), validate_default=True)
    description: Text = Field(default="", max_length=200, description="What you call it.")


class WebhookUpdate(BaseModel):
    """What is to be different. What is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    events: Events | None = None
    description: Text | None = Field(default=None, max_length=200)
    enabled: StrictBool | None = Field(
        default=None, description="Enabling it again sends what has waited.", examples=[True]
    )


class WebhookRead(BaseModel):
    """A webhook, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    webhook_id: UUID = Field(examples=["7b1d2c5e-6c9e-4a57-9f0b-0c6d3a1b7e11"])
    url: str = Field(examples=["https://example.com/hooks/bolt"])
    events: list[str] = Field(examples=[["batch.completed", "batch.failed"]])
    description: str
    enabled: bool
    disabled_reason: str | None = Field(description="Why it was disabled, where we did it.")
    failing_since: datetime | None = Field(
        description="Since when it takes nothing; after five days it is disabled."
    )
    created_at: datetime
    updated_at: datetime


class WebhookMade(WebhookRead):
    """A webhook with its secret. It is shown this once."""

    secret: str = Field(
        description="Verifies what we send: Standard Webhooks, HMAC-SHA-256.",
        examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDgQGKqf8bGqU="],
    )


class WebhooksRead(BaseModel):
    """Your webhooks, the oldest first."""

    items: list[WebhookRead]


REFUSED: dict[int | str, dict[str, Any]] = {
    503: {"description": "`not_configured`: the gateway has no KEYS_KEK to seal secrets with."}
}


def _made(webhook: Webhook, secret: str) -> WebhookMade:
    return WebhookMade(**WebhookRead.model_validate(webhook).model_dump(), secret=secret)


@router.post(
    "",
    status_code=201,
    summary="Add a webhook",
    responses=REFUSED | {409: {"description": f"You have {MOST_WEBHOOKS} webhooks."}},
)
async def create_webhook(
    body: WebhookCreate, me: Me, webhooks: TheWebhooks, response: Response
) -> WebhookMade:
    """Be told from now on. The secret is shown this once: keep it."""
    webhook, secret = await webhooks.add(
        me.user_id, body.url, sorted(body.events), body.description
    )
    response.headers["Location"] = f"/v1/webhooks/{webhook.webhook_id}"
    return _made(webhook, secret.get_secret_value())


@router.get("", summary="List your webhooks")
async def list_webhooks(me: Me, webhooks: TheWebhooks) -> WebhooksRead:
    """Return your webhooks."""
    found = await webhooks.all(me.user_id)
    return WebhooksRead(items=[WebhookRead.model_validate(each) for each in found])


@router.get("/{webhook_id}", response_model=WebhookRead, summary="Read a webhook")
async def read_webhook(webhook_id: WebhookId, me: Me, webhooks: TheWebhooks) -> Webhook:
    """Return a webhook."""
    return await webhooks.get(me.user_id, webhook_id)


@router.patch("/{webhook_id}", response_model=WebhookRead, summary="Change a webhook")
async def change_webhook(
    webhook_id: WebhookId, body: WebhookUpdate, me: Me, webhooks: TheWebhooks
) -> Webhook:
    """Change what is given."""
    change = WebhookChange(
        url=body.url,
        description=body.description,
        events=None if body.events is None else sorted(body.events),
        enabled=body.enabled,
    )
    return await webhooks.change(me.user_id, webhook_id, change)


@router.delete("/{webhook_id}", status_code=204, summary="Remove a webhook")
async def delete_webhook(webhook_id: WebhookId, me: Me, webhooks: TheWebhooks) -> None:
    """Forget a webhook and its log."""
    await webhooks.remove(me.user_id, webhook_id)


@router.post("/{webhook_id}/rotate-secret", summary="Give it a new secret", responses=REFUSED)
async def rotate_webhook_secret(
    webhook_id: WebhookId, me: Me, webhooks: TheWebhooks
) -> WebhookMade:
    """Show a new secret, this once. For a day the one before signs as well."""
    webhook, secret = await webhooks.rotate(me.user_id, webhook_id)
    return _made(webhook, secret.get_secret_value())
