"""/api/tts/advanced/batch: the first names of batches of texts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.gateway.deps import (
    Everything,
    Me,
    MyBatch,
    TheArchive,
    TheDesk,
    TheOrders,
    TheWaiting,
)
from services.gateway.ordering import Orders
from services.gateway.routes.batch_control import ENDED
from services.gateway.routes.batch_download import download_batch
from services.gateway.routes.seed_batches import ZIP
from services.gateway.seeds.speaking import MOST_TEXTS, BatchAsked, ProgressSeen, wish
from services.gateway.webhooks.endpoints import Endpoints

router = APIRouter(prefix="/api/tts/advanced", tags=["first names"])

ENDINGS = ("batch.completed", "batch.completed_with_errors", "batch.failed", "batch.cancelled")


class TextsBegun(BaseModel):
    """Some texts, as they were accepted."""

    success: bool
    batch_id: UUID = Field(examples=["5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])
    status: str = Field(examples=["pending"])
    total: int


class TextsSeen(BaseModel):
    """How far some texts are."""

    success: bool
    status: ProgressSeen


class TextsCancelled(BaseModel):
    """That they were cancelled."""

    success: bool
    batch_id: UUID = Field(examples=["5b0f5d0c-6a44-5c3e-8a2e-6b1f0b7f3c11"])


@router.post("/batch", status_code=202, summary="As POST /v1/narrations of several")
async def seed_begin_texts(
    body: BatchAsked, me: Me, desk: TheDesk, everything: Everything
) -> TextsBegun:
    """Accept up to 50 texts. With `webhook_url` somebody is told of the end."""
    if body.webhook_url is not None:
        await _listen(me.user_id, body.webhook_url, everything.telling.endpoints)
    told = await desk.ask(me.user_id, body.draft(), wish())
    seen = ProgressSeen.of(told)
    return TextsBegun(success=True, batch_id=seen.batch_id, status=seen.status, total=seen.total)


@router.get("/batch/{batch_id}/status", summary="As GET /v1/narrations/{id}")
async def seed_read_texts(batch: MyBatch, me: Me, waiting: TheWaiting) -> TextsSeen:
    """Return how far they are, and where the sound of each is."""
    told = await waiting.of(me.user_id, batch, seconds=0, most=MOST_TEXTS)
    return TextsSeen(success=True, status=ProgressSeen.of(told))


async def _zip(batch: MyBatch, me: Me, archive: TheArchive) -> StreamingResponse:
    return await download_batch(batch, me, archive)


@router.get(
    "/batch/{batch_id}/download",
    response_class=StreamingResponse,
    summary="As GET /v1/batches/{id}/download",
    responses=ZIP,
)
async def seed_download_texts(
    archive: Annotated[StreamingResponse, Depends(_zip)],
) -> StreamingResponse:
    """Return a ZIP of their sound, with `report.json`."""
    return archive


@router.delete("/batch/{batch_id}", responses=ENDED, summary="As POST /v1/batches/{id}/cancel")
async def seed_cancel_texts(batch: MyBatch, publisher: TheOrders) -> TextsCancelled:
    """Cancel those that have not ended."""
    await Orders(publisher).about_batch(batch, "cancel")
    return TextsCancelled(success=True, batch_id=batch.batch_id)


async def _listen(user_id: UUID, url: str, webhooks: Endpoints) -> None:
    # One webhook for each address: it hears of every batch of this user from then on.
    if not any(hook.url == url and hook.enabled for hook in await webhooks.all(user_id)):
        await webhooks.add(user_id, url, ENDINGS, "Asked for with a batch of texts.")
