"""From a credential to who asks: an access token or an API key, and what became of it since."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from services.gateway.api_keys import START, MintedKey
from services.gateway.errors import UnauthenticatedError
from services.gateway.principals import ADMIN, Principal
from services.gateway.recent import Recent
from services.gateway.store.api_keys import KeyHolder
from services.gateway.tokens import Claims, Tokens

# So long may a session that another process ended still open doors.
TRUSTED_SECONDS = 5.0


class Standings(Protocol):
    """What identity needs of the table `sessions`."""

    async def role(self, session_id: UUID, user_id: UUID) -> str | None:
        """Return the role of who is signed in; None where the session has ended."""
        ...


class KeyHolders(Protocol):
    """What identity needs of the table `api_keys`."""

    async def holder(self, prefix: str) -> KeyHolder | None:
        """Return whom the key with this prefix speaks for, or None."""
        ...

    async def used(self, key_id: UUID) -> None:
        """Remember that a key is in use."""
        ...


@dataclass(slots=True)
class Identity:
    """Tells who asks.

    Attributes:
        tokens: Reads access tokens.
        sessions: Whether what a token says still holds.
        keys: Whom API keys speak for.
    """

    tokens: Tokens
    sessions: Standings
    keys: KeyHolders
    _roles: Recent[Claims, str] = field(default_factory=lambda: Recent(TRUSTED_SECONDS))
    _holders: Recent[str, KeyHolder] = field(default_factory=lambda: Recent(TRUSTED_SECONDS))

    async def of(self, credential: str) -> Principal:
        """Return whom an access token or an API key speaks for.

        Raises:
            UnauthenticatedError: for nobody, or for nobody any more.
            UnavailableError: it cannot be told now.
        """
        if credential.startswith(START):
            return await self._of_key(credential)
        claims = self.tokens.read(credential)
        role = self._roles.get(claims)
        if role is None:
            role = await self.sessions.role(claims.session_id, claims.user_id)
            if role is None:
                raise UnauthenticatedError("this session has ended; sign in again")
            self._roles.keep(claims, role)
        return Principal(claims.user_id, role, session_id=claims.session_id)

    def forget(self) -> None:
        """Believe nothing without asking: something was revoked here."""
        self._roles.forget()
        self._holders.forget()

    async def _of_key(self, text: str) -> Principal:
        key = MintedKey.parse(text)
        known = self._holders.get(key.prefix) if key else None
        holder = known or (await self.keys.holder(key.prefix) if key else None)
        if key is None or holder is None or not key.opens(holder.secret_sha256):
            raise UnauthenticatedError(
                "the API key is not valid; it may have been revoked or have expired"
            )
        if known is None:
            self._holders.keep(key.prefix, holder)
            await self.keys.used(holder.key_id)
        admin = holder.role == ADMIN and ADMIN in holder.scopes
        return Principal(holder.user_id, ADMIN if admin else "user", frozenset(holder.scopes))
