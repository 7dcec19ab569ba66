"""/me/keys: what providers are called with on your behalf. Written, and never read again."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StrictBool

from services.gateway.deps import Me, TheProviderKeys
from services.gateway.provider_keys import NewKey
from services.gateway.store.provider_keys import ProviderKey

router = APIRouter(prefix="/me/keys", tags=["keys"])

KeyId = Annotated[UUID, Path(description="The key.")]


def _sendable(key: SecretStr) -> SecretStr:
    # It travels in a header. What is wrong must not be said with the key itself.
    if not all("!" <= letter <= "~" for letter in key.get_secret_value()):
        raise ValueError("a key has visible ASCII characters and no spaces")
    return key


KeySecret = Annotated[
    SecretStr,
    AfterValidator(_sendable),
    Field(
        min_length=8,
        max_length=500,
        description="Write-only.",
        examples=["AIza…"],
        json_schema_extra={"pattern": "^[!-~]*$"},
    ),
]


class ProviderKeyCreate(BaseModel):
    """A key of yours."""

    model_config = ConfigDict(extra="forbid")

    provider: Literal["gemini", "google"] = Field(description="Who takes it.", examples=["gemini"])
    key: KeySecret
    project: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9._-]{0,63}$",
        description="Whose quota it draws on, in your words: keys of one project share it.",
        examples=["my-project"],
    )
    for_everyone: StrictBool = Field(
        default=False, description="Whether it serves every user's work. Admins only."
    )


class ProviderKeyChange(BaseModel):
    """What can be changed."""

    model_config = ConfigDict(extra="forbid")

    enabled: StrictBool = Field(description="Whether it is used.", examples=[False])


class ProviderKeyRead(BaseModel):
    """A key, without what makes it one."""

    model_config = ConfigDict(from_attributes=True)

    key_id: UUID = Field(examples=["5f0f2c5e-6c9e-4a57-9f0b-0c6d3a1b7e11"])
    user_id: UUID | None = Field(description="Whose work it serves; null: everybody's.")
    provider: str = Field(examples=["gemini"])
    project: str = Field(examples=["my-project"])
    identity: str = Field(
        description="The first 8 digits of the key's SHA-256, by which logs name it.",
        examples=["9f86d081"],
    )
    enabled: bool
    created_at: datetime
    updated_at: datetime


class ProviderKeysRead(BaseModel):
    """Keys, the oldest first."""

    items: list[ProviderKeyRead]


@router.post(
    "",
    status_code=201,
    response_model=ProviderKeyRead,
    summary="Add a provider key",
    responses={409: {"description": "You have that key already, or as many as you may."}},
)
async def create_key(body: ProviderKeyCreate, me: Me, keys: TheProviderKeys) -> ProviderKey:
    """Seal a key and keep it. It serves your work only, before anyone else's keys do."""
    new = NewKey(
        provider=body.provider,
        project=body.project,
        secret=body.key,
        for_everyone=body.for_everyone,
    )
    return await keys.add(me, new)


@router.get("", summary="List your provider keys")
async def list_keys(me: Me, keys: TheProviderKeys) -> ProviderKeysRead:
    """Return your keys by name; an admin also sees those that serve everybody."""
    found = await keys.all(me)
    return ProviderKeysRead(items=[ProviderKeyRead.model_validate(key) for key in found])


@router.patch("/{key_id}", response_model=ProviderKeyRead, summary="Enable or disable a key")
async def change_key(
    key_id: KeyId, body: ProviderKeyChange, me: Me, keys: TheProviderKeys
) -> ProviderKey:
    """Enable or disable a key. The stages follow within seconds."""
    return await keys.switch(me, key_id, enabled=body.enabled)


class KeyTestRead(BaseModel):
    """What its provider says to a key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "key_id": "5f0f2c5e-6c9e-4a57-9f0b-0c6d3a1b7e11",
                    "provider": "gemini",
                    "project": "my-project",
                    "identity": "9f86d081",
                    "works": False,
                    "action": "disable",
                    "reason": "key_invalid",
                    "scope": "key",
                    "retry_after_seconds": None,
                    "said": "gemini 400 INVALID_ARGUMENT: API key not valid.",
                }
            ]
        }
    )

    key_id: UUID
    provider: str
    project: str
    identity: str
    works: bool
    action: str = Field(
        description="What the pipeline does about it: `none`, `retry`, `back_off`, `disable`, "
        "`fallback_model`, `split`, `rewrite` or `fail`."
    )
    reason: str = Field(description="The stable name of what happened; empty where it works.")
    scope: str = Field(
        description="Who else is told the same: `request`, `key`, `domain`, `project`, `provider`."
    )
    retry_after_seconds: float | None
    said: str = Field(description="The provider's own words, without the key.")


@router.post("/{key_id}/test", summary="Test a provider key")
async def test_key(key_id: KeyId, me: Me, keys: TheProviderKeys) -> KeyTestRead:
    """Ask its provider for a list of models or voices, which is free; say what it answers."""
    key, found = await keys.test(me, key_id)
    verdict = found.verdict
    return KeyTestRead(
        key_id=key.key_id,
        provider=key.provider,
        project=key.project,
        identity=key.identity,
        works=verdict is None,
        action=verdict.action if verdict else "none",
        reason=verdict.reason if verdict else "",
        scope=verdict.scope if verdict else "key",
        retry_after_seconds=verdict.retry_after if verdict else None,
        said=found.said,
    )


@router.delete("/{key_id}", status_code=204, summary="Remove a provider key")
async def delete_key(key_id: KeyId, me: Me, keys: TheProviderKeys) -> None:
    """Forget a key; not an error where there is none."""
    await keys.remove(me, key_id)
