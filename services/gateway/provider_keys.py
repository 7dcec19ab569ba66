"""Keys of providers: sealed before they are kept, and mirrored to where the stages look.

Sealed ones leave this process, and nothing else of them but their names.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

from pydantic import SecretStr

from services.gateway.errors import ConflictError, ForbiddenError, NotConfiguredError, NotFoundError
from services.gateway.store.provider_keys import ProviderKey, Reach
from services.gateway.tokens import Principal
from shared.errors import RefusedError, UnavailableError
from shared.providers.tts import Checked
from shared.quota import Key
from shared.quota.stored import EVERYBODY, StoredKey, open_sealed, place, reseal, seal
from shared.quota.vault import Vault

log = logging.getLogger(__name__)

PROVIDERS = ("gemini", "google")
# Every call of its owner weighs all of them.
MOST_KEYS = 20
MIRROR_SECONDS = 60.0
AGAIN_SECONDS = 5.0

Hashes = Mapping[str, Mapping[str, str]]


class Store(Protocol):
    """Where keys are kept."""

    async def add(self, key: ProviderKey, sealed: str) -> ProviderKey | None:
        """Keep a key; None where its owner has it already."""
        ...

    async def all(self, reach: Reach) -> list[ProviderKey]:
        """Return the keys within reach."""
        ...

    async def switch(self, reach: Reach, key_id: UUID, *, enabled: bool) -> ProviderKey | None:
        """Enable or disable a key; None where there is none."""
        ...

    async def remove(self, reach: Reach, key_id: UUID) -> None:
        """Forget a key."""
        ...

    async def sealed(self) -> list[tuple[ProviderKey, str]]:
        """Return everybody's keys, each with what is sealed."""
        ...

    async def sealed_one(self, reach: Reach, key_id: UUID) -> tuple[ProviderKey, str] | None:
        """Return a key with what is sealed; None where there is none."""
        ...

    async def reseal(self, key_id: UUID, before: str, after: str) -> None:
        """Replace what is sealed, where nobody else did."""
        ...


class Mirror(Protocol):
    """Where the stages look."""

    async def replace(self, read: Callable[[], Awaitable[Hashes]]) -> None:
        """Make each hash what `read` returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """What somebody gives."""

    provider: str
    project: str
    secret: SecretStr
    for_everyone: bool


@dataclass(frozen=True, slots=True)
class ProviderKeys:
    """Everybody's keys. Without a vault none can be added.

    Attributes:
        check: Tries a key at its provider.
    """

    store: Store
    mirror: Mirror
    vault: Vault | None
    check: Callable[[str, SecretStr], Awaitable[Checked]]

    async def add(self, who: Principal, new: NewKey) -> ProviderKey:
        """Keep a key, sealed.

        Raises:
            ApiError: it is there already, there are too many, or nothing can be sealed.
        """
        if self.vault is None:
            raise NotConfiguredError("set KEYS_KEK on the gateway and the stages to keep keys")
        reach = _reach(who)
        if new.for_everyone and not reach.installation:
            raise ForbiddenError("only an admin may add a key that serves everybody")
        user_id = None if new.for_everyone else who.user_id
        if sum(key.user_id == user_id for key in await self.store.all(reach)) >= MOST_KEYS:
            raise ConflictError(f"there are {MOST_KEYS} keys already; remove one first")
        key = _key(new, user_id)
        sealed = seal(self.vault, new.secret, **_bound(key))
        added = await self.store.add(key, sealed)
        if added is None:
            raise ConflictError(f"you have the {new.provider} key {key.identity} already")
        try:
            await self.spread()
        except UnavailableError as error:
            # It is kept; asking for it once more would only be refused.
            log.warning("a new key will be spread later: %s", error)
        return added

    async def all(self, who: Principal) -> list[ProviderKey]:
        """Return the keys of `who`; for an admin also those that serve everybody."""
        return await self.store.all(_reach(who))

    async def switch(self, who: Principal, key_id: UUID, *, enabled: bool) -> ProviderKey:
        """Enable or disable a key.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
        """
        key = await self.store.switch(_reach(who), key_id, enabled=enabled)
        if key is None:
            raise NotFoundError(f"you have no key {key_id}")
        await self.spread()
        return key

    async def test(self, who: Principal, key_id: UUID) -> tuple[ProviderKey, Checked]:
        """Return what its provider says to a key; the least there is to ask, and free.

        Raises:
            NotFoundError: there is none, or it is somebody else's.
            NotConfiguredError: it cannot be opened here.
        """
        found = await self.store.sealed_one(_reach(who), key_id)
        if found is None:
            raise NotFoundError(f"you have no key {key_id}")
        key, sealed = found
        if self.vault is None:
            raise NotConfiguredError("set KEYS_KEK on the gateway to test keys")
        bound = _bound(key)
        try:
            secret = open_sealed(self.vault, sealed, **bound)
        except RefusedError as error:
            raise NotConfiguredError(f"key {key_id} does not open: {error}") from None
        return key, await self.check(key.provider, secret)

    async def remove(self, who: Principal, key_id: UUID) -> None:
        """Forget a key; not an error where there is none."""
        await self.store.remove(_reach(who), key_id)
        await self.spread()

    async def spread(self) -> None:
        """Show the stages every key that is enabled, under the vault's current key.

        Raises:
            UnavailableError: the database or Redis is away.
        """
        await self.mirror.replace(self._enabled)

    async def keep_spread(self) -> None:
        """Spread now and every minute: an emptied Redis heals itself."""
        while True:
            try:
                await self.spread()
                await asyncio.sleep(MIRROR_SECONDS)
            except UnavailableError as error:
                log.warning("spreading keys: %s", error)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _enabled(self) -> Hashes:
        hashes: dict[str, dict[str, str]] = {place(provider): {} for provider in PROVIDERS}
        for key, before in await self.store.sealed():
            sealed = await self._current(key, before)
            if key.enabled and sealed is not None:
                stored = StoredKey(_owner(key), key.project, key.identity, sealed)
                hashes.setdefault(place(key.provider), {})[str(key.key_id)] = stored.to_json()
        return hashes

    async def _current(self, key: ProviderKey, before: str) -> str | None:
        if self.vault is None:
            return before
        try:
            after = reseal(self.vault, before, **_bound(key))
        except RefusedError as error:
            log.warning("key %s is left out: %s", key.key_id, error)
            return None
        if after != before:
            await self.store.reseal(key.key_id, before, after)
        return after


def _key(new: NewKey, user_id: UUID | None) -> ProviderKey:
    identity = Key(new.project, new.secret).id
    now = datetime.now(UTC)
    return ProviderKey(
        key_id=uuid4(),
        user_id=user_id,
        provider=new.provider,
        # A key of no named project is a project of its own.
        project=new.project or identity,
        identity=identity,
        enabled=True,
        created_at=now,
        updated_at=now,
    )


def _owner(key: ProviderKey) -> str:
    return str(key.user_id) if key.user_id else EVERYBODY


def _bound(key: ProviderKey) -> dict[str, str]:
    return {"owner": _owner(key), "provider": key.provider, "key_id": str(key.key_id)}


def _reach(who: Principal) -> Reach:
    return Reach(who.user_id, installation=who.role == "admin")
