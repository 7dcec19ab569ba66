"""/voices/refresh: ask providers which voices they have now."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.deps import Me, TheVoiceRefresh
from shared.catalogue import Changes

router = APIRouter(prefix="/voices", tags=["catalogue"])

# Enough to see what it is about; the counts are exact.
SHOWN = 50

PROBLEMS: dict[int | str, dict[str, Any]] = {
    403: {"description": "Only an admin may."},
    502: {"description": "The provider did not answer with voices."},
}


class RefreshDraft(BaseModel):
    """Whom to ask."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["google"] = Field(
        default="google",
        examples=["google"],
        description="A provider that can say which voices it has.",
    )


class RefreshRead(BaseModel):
    """What a refresh changed; of many ids the first are shown."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "provider": "google",
                    "listed": 2041,
                    "added": 5,
                    "changed": 0,
                    "unlisted": 1,
                    "added_ids": ["pt-PT-Chirp3-HD-Kore"],
                    "unlisted_ids": ["en-US-Casual-K"],
                    "unknown_languages": [],
                }
            ]
        }
    )

    provider: str
    listed: int = Field(description="Voices that the provider named.")
    added: int = Field(description="Voices that the catalogue did not have.")
    changed: int = Field(description="Voices of which something else is known now.")
    unlisted: int = Field(
        description="Voices not named any more: they stay, as `Unlisted`, and are not chosen."
    )
    added_ids: list[str]
    unlisted_ids: list[str]
    unknown_languages: list[str] = Field(
        description="Languages that the catalogue does not have; their voices are left out."
    )


@router.post("/refresh", responses=PROBLEMS, summary="Refresh the voices of a provider")
async def refresh_voices(body: RefreshDraft, me: Me, voices: TheVoiceRefresh) -> RefreshRead:
    """Ask a provider for its voices and lay the answer over the catalogue. Admins only.

    Every service knows within seconds, without a restart.
    """
    return _read(body.provider, await voices.refresh(me, body.provider))


def _read(provider: str, changes: Changes) -> RefreshRead:
    return RefreshRead(
        provider=provider,
        listed=changes.listed,
        added=len(changes.added),
        changed=len(changes.changed),
        unlisted=len(changes.unlisted),
        added_ids=list(changes.added[:SHOWN]),
        unlisted_ids=list(changes.unlisted[:SHOWN]),
        unknown_languages=list(changes.unknown_languages),
    )
