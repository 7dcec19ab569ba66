"""/me/apikeys, /me/ttskeys: the first names of /v1/me/keys."""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, TheProviderKeys
from services.gateway.provider_keys import NewKey
from services.gateway.routes.provider_keys import KeyId, KeySecret
from services.gateway.store.provider_keys import ProviderKey

router = APIRouter(tags=["first names"])

Provider = Literal["gemini", "google"]
FULL: dict[int | str, dict[str, Any]] = {
    409: {"description": "You have that key already, or as many as you may."}
}


class KeyGiven(BaseModel):
    """A key of a provider."""

    model_config = ConfigDict(extra="forbid")

    key: KeySecret


class KeySeen(BaseModel):
    """A key, without what makes it one."""

    id: UUID = Field(examples=["5f0f2c5e-6c9e-4a57-9f0b-0c6d3a1b7e11"])
    key: str = Field(description="Never the key itself: how logs name it.", examples=["…9f86d081"])
    created_at: datetime

    @classmethod
    def of(cls, key: ProviderKey) -> Self:
        """Return how it was shown then."""
        return cls(id=key.key_id, key=f"…{key.identity}", created_at=key.created_at)


@router.get("/me/apikeys", summary="As GET /v1/me/keys, of Gemini")
async def seed_api_keys(me: Me, keys: TheProviderKeys) -> list[KeySeen]:
    """Return your Gemini keys, without the keys themselves."""
    return await _listed(me, keys, "gemini")


@router.post(
    "/me/apikeys", status_code=201, summary="As POST /v1/me/keys, of Gemini", responses=FULL
)
async def seed_add_api_key(body: KeyGiven, me: Me, keys: TheProviderKeys) -> KeySeen:
    """Keep a Gemini key, sealed; each makes a round of its own."""
    return await _added(me, keys, "gemini", body)


@router.delete("/me/apikeys/{key_id}", status_code=204, summary="As DELETE /v1/me/keys/{id}")
async def seed_remove_api_key(key_id: KeyId, me: Me, keys: TheProviderKeys) -> None:
    """Forget a Gemini key."""
    await keys.remove(me, key_id)


@router.get("/me/ttskeys", summary="As GET /v1/me/keys, of Google Cloud TTS")
async def seed_tts_keys(me: Me, keys: TheProviderKeys) -> list[KeySeen]:
    """Return your Google Cloud TTS keys, without the keys themselves."""
    return await _listed(me, keys, "google")


@router.post(
    "/me/ttskeys",
    status_code=201,
    summary="As POST /v1/me/keys, of Google Cloud TTS",
    responses=FULL,
)
async def seed_add_tts_key(body: KeyGiven, me: Me, keys: TheProviderKeys) -> KeySeen:
    """Keep a Google Cloud TTS key, sealed."""
    return await _added(me, keys, "google", body)


@router.delete("/me/ttskeys/{key_id}", status_code=204, summary="As DELETE /v1/me/keys/{id}")
async def seed_remove_tts_key(key_id: KeyId, me: Me, keys: TheProviderKeys) -> None:
    """Forget a Google Cloud TTS key."""
    await keys.remove(me, key_id)


async def _listed(me: Me, keys: TheProviderKeys, provider: Provider) -> list[KeySeen]:
    found = [key for key in await keys.all(me) if key.user_id == me.user_id]
    return [KeySeen.of(key) for key in found if key.provider == provider]


async def _added(me: Me, keys: TheProviderKeys, provider: Provider, given: KeyGiven) -> KeySeen:
    # The keys of those days had no project: each counts as a quota of its own.
    new = NewKey(provider=provider, project="", secret=given.key, for_everyone=False)
    return KeySeen.of(await keys.add(me, new))
