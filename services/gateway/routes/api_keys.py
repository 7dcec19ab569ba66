"""/me/api-keys: what programs come in with."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from services.gateway.api_keys import MintedKey
from services.gateway.deps import Me, SignedIn, TheApiKeys, TheIdentity
from services.gateway.errors import ConflictError, ForbiddenError, NotFoundError
from services.gateway.principals import ADMIN, Scope
from services.gateway.store.api_keys import ApiKey
from services.gateway.texts import Text

router = APIRouter(prefix="/me/api-keys", tags=["keys"])

MOST_KEYS = 50
APART: dict[int | str, dict[str, Any]] = {
    403: {"description": "An API key cannot do this; sign in. Only admins give `admin`."}
}
ApiKeyId = Annotated[UUID, Path(description="The API key.")]


class ApiKeyCreate(BaseModel):
    """What the key is for."""

    model_config = ConfigDict(extra="forbid")

    name: Text = Field(
        min_length=1, max_length=100, description="What you call it.", examples=["Nightly import"]
    )
    scopes: set[Scope] = Field(
        default={"read", "write"},
        min_length=1,
        # Naming one twice is no mistake.
        json_schema_extra={"uniqueItems": False},
        description="`read`: every GET. `write`: everything else. `admin`: as an admin, too.",
        examples=[["read", "write"]],
    )
    expires_in_days: int | None = Field(
        default=None, ge=1, le=3650, description="Null: until it is revoked.", examples=[90]
    )


class ApiKeyRead(BaseModel):
    """A key, without what makes it one."""

    model_config = ConfigDict(from_attributes=True)

    key_id: UUID = Field(examples=["c1f0a2de-6c9e-4a57-9f0b-0c6d3a1b7e11"])
    name: str = Field(examples=["Nightly import"])
    prefix: str = Field(description="How it begins.", examples=["bolt_live_3f9c1a7be204"])
    scopes: list[str] = Field(examples=[["read", "write"]])
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")


class ApiKeyMade(ApiKeyRead):
    """A new key. `key` is shown this once."""

    key: str = Field(
        description="Send it as `Authorization: Bearer` or `X-API-Key`.",
        examples=["bolt_live_3f9c1a7be204_3Qm9c0sXb7T1vV5nX2wJ8kLrYzP4dFgH6aSeUiOoQtA"],
    )


class ApiKeysRead(BaseModel):
    """Your keys, newest first."""

    items: list[ApiKeyRead]


@router.post(
    "",
    status_code=201,
    summary="Make an API key",
    responses=APART | {409: {"description": f"You have {MOST_KEYS} keys; revoke one."}},
)
async def create_api_key(
    body: ApiKeyCreate, me: SignedIn, keys: TheApiKeys, response: Response
) -> ApiKeyMade:
    """Make a key for a program of yours. Only its hash is kept: copy it now."""
    if ADMIN in body.scopes and me.role != ADMIN:
        raise ForbiddenError("only an admin gives a key the scope 'admin'")
    minted = MintedKey.make()
    now = datetime.now(UTC)
    days = body.expires_in_days
    key = ApiKey(
        key_id=uuid4(),
        name=body.name,
        prefix=minted.prefix,
        scopes=sorted(body.scopes),
        created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
        last_used_at=None,
    )
    kept = await keys.add(me.user_id, key, minted.secret_sha256, most=MOST_KEYS)
    if kept is None:
        raise ConflictError(f"you have {MOST_KEYS} API keys; revoke one first")
    response.headers["Location"] = f"/v1/me/api-keys/{kept.key_id}"
    return ApiKeyMade(**ApiKeyRead.model_validate(kept).model_dump(), key=minted.text)


@router.get("", summary="List your API keys")
async def list_api_keys(me: Me, keys: TheApiKeys) -> ApiKeysRead:
    """Return the keys that are not revoked, by how they begin."""
    found = await keys.all(me.user_id)
    return ApiKeysRead(items=[ApiKeyRead.model_validate(key) for key in found])


@router.get("/{key_id}", response_model=ApiKeyRead, summary="Read an API key")
async def read_api_key(key_id: ApiKeyId, me: Me, keys: TheApiKeys) -> ApiKey:
    """Return a key, without what makes it one."""
    key = await keys.get(me.user_id, key_id)
    if key is None:
        raise NotFoundError(f"you have no API key {key_id}")
    return key


@router.delete("/{key_id}", status_code=204, summary="Revoke an API key", responses=APART)
async def delete_api_key(
    key_id: ApiKeyId, me: SignedIn, keys: TheApiKeys, identity: TheIdentity
) -> None:
    """Make a key worthless, within seconds and for good."""
    if not await keys.revoke(me.user_id, key_id):
        raise NotFoundError(f"you have no API key {key_id}")
    identity.forget()
