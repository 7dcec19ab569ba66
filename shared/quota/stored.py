"""Keys that users gave: sealed in Redis by the gateway, opened here, each for its owner only."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass

from pydantic import SecretStr

from shared.errors import PipelineError
from shared.quota.keys import Key
from shared.quota.vault import Vault

log = logging.getLogger(__name__)

# How long a key that was disabled may still be handed out.
FRESH_SECONDS = 2.0
# What is bound to the installation rather than to a user.
EVERYBODY = ""


def place(provider: str) -> str:
    """Return the name of the Redis hash that holds a provider's sealed keys by their id."""
    return f"bolt:keys:{provider}"


def seal(vault: Vault, secret: SecretStr, *, owner: str, provider: str, key_id: str) -> str:
    """Return `secret`, readable only as this key of this owner at this provider."""
    return vault.seal(secret, owner=owner, key_id=f"{provider}/{key_id}")


def reseal(vault: Vault, sealed: str, *, owner: str, provider: str, key_id: str) -> str:
    """Return `sealed` under the vault's current key.

    Raises:
        RefusedError: it does not open.
    """
    return vault.rotate(sealed, owner=owner, key_id=f"{provider}/{key_id}")


def open_sealed(vault: Vault, sealed: str, *, owner: str, provider: str, key_id: str) -> SecretStr:
    """Return what `seal` sealed.

    Raises:
        RefusedError: it is not this key of this owner, or its vault key is gone.
    """
    return vault.open(sealed, owner=owner, key_id=f"{provider}/{key_id}")


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A sealed key as it lies in Redis.

    Attributes:
        user_id: Whose work alone it serves; empty where it serves everybody's.
        project: Whose quota it draws on, in the owner's words.
        identity: What the key is called wherever it may be seen.
        sealed: What only the vault can read.
    """

    user_id: str
    project: str
    identity: str
    sealed: str

    def to_json(self) -> str:
        """Return it as it lies in Redis."""
        return json.dumps(asdict(self))

    @property
    def domain(self) -> str:
        """Return the project's name among everyone's: two users may choose the same."""
        return f"{self.user_id}:{self.project}" if self.user_id else self.project


class StoredKeys:
    """The stored keys of one provider, as fresh as `FRESH_SECONDS`."""

    def __init__(
        self,
        provider: str,
        read: Callable[[str], Awaitable[Mapping[str, str]]],
        vault: Vault | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._provider = provider
        self._read = read
        self._vault = vault
        self._clock = clock
        self._due = float("-inf")
        self._reading = asyncio.Lock()
        self._opened: dict[tuple[str, str], tuple[str, Key] | None] = {}
        self._by_owner: dict[str, tuple[Key, ...]] = {}
        self._warned = False

    def of(self, owner: str) -> tuple[Key, ...]:
        """Return the keys of a user; those of `EVERYBODY` where it is empty."""
        return self._by_owner.get(owner, ())

    async def refresh(self) -> None:
        """Look for what changed, unless that was done a moment ago.

        Raises:
            UnavailableError: Redis is away.
        """
        if self._clock() < self._due:
            return
        async with self._reading:
            if self._clock() >= self._due:
                self._take(await self._read(place(self._provider)))
                self._due = self._clock() + FRESH_SECONDS

    def _take(self, found: Mapping[str, str]) -> None:
        if found and self._vault is None:
            self._warn_once(len(found))
            return
        # What was opened before is not opened again, and what is gone is forgotten.
        records = sorted(found.items())
        self._opened = {
            record: self._opened[record] if record in self._opened else self._open(*record)
            for record in records
        }
        owned: dict[str, list[Key]] = {}
        for owner, key in filter(None, self._opened.values()):
            owned.setdefault(owner, []).append(key)
        self._by_owner = {owner: tuple(keys) for owner, keys in owned.items()}

    def _open(self, key_id: str, text: str) -> tuple[str, Key] | None:
        assert self._vault is not None  # noqa: S101 - nothing is taken without one
        try:
            stored = StoredKey(**json.loads(text))
            secret = open_sealed(
                self._vault,
                stored.sealed,
                owner=stored.user_id,
                provider=self._provider,
                key_id=key_id,
            )
        except (ValueError, TypeError, PipelineError) as error:
            why = str(error) if isinstance(error, PipelineError) else "it is not a record"
            log.warning("%s: stored key %s is left out: %s", self._provider, key_id, why)
            return None
        return stored.user_id, Key(stored.domain, secret)

    def _warn_once(self, count: int) -> None:
        if not self._warned:
            self._warned = True
            message = "%s: %d stored keys are not used: KEYS_KEK is not set here"
            log.warning(message, self._provider, count)
