"""/batches/{id}/usage: what a batch has cost."""

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, MyBatch, TheUsage

router = APIRouter(prefix="/batches", tags=["batches"])


class SpentRead(BaseModel):
    """What one provider was called for, in one stage and language."""

    model_config = ConfigDict(from_attributes=True)

    stage: str = Field(examples=["narrator"])
    provider: str = Field(examples=["google"])
    model: str = Field(examples=["chirp3-hd"])
    language: str = Field(examples=["pt-BR"])
    calls: int
    input_tokens: int
    output_tokens: int
    characters: int
    audio_seconds: float
    cost_usd: float = Field(description="At list price.")


class UsageRead(BaseModel):
    """What a batch has cost so far."""

    calls: int
    cost_usd: float = Field(description="At list price; what has no price here counts nothing.")
    items: list[SpentRead]


@router.get("/{batch_id}/usage", summary="What a batch has cost")
async def read_batch_usage(batch: MyBatch, me: Me, usage: TheUsage) -> UsageRead:
    """Return calls, tokens, characters and cost, by stage, provider, model and language.

    What was found in the store, and not bought again, is not here.
    """
    items = [
        SpentRead.model_validate(spent)
        for spent in await usage.of_batch(me.user_id, batch.batch_id)
    ]
    return UsageRead(
        calls=sum(item.calls for item in items),
        cost_usd=round(sum(item.cost_usd for item in items), 6),
        items=items,
    )
