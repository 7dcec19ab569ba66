"""Single-use tickets, in Redis: what a browser's WebSocket can carry in a URL."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from redis.exceptions import RedisError

from services.gateway.principals import Principal
from shared.errors import UnavailableError


class Keys(Protocol):
    """The two commands of Redis that tickets need."""

    def set(self, name: str, value: str, *, ex: int) -> Awaitable[object]:
        """Keep `value` for `ex` seconds."""
        ...

    def getdel(self, name: str) -> Awaitable[object]:
        """Return and forget a value, at once."""
        ...


@dataclass(frozen=True, slots=True)
class TicketStore:
    """Tickets that were given out and not used.

    Every method raises `UnavailableError` where Redis cannot be reached.
    """

    keys: Keys
    seconds: int

    async def issue(self, principal: Principal) -> str:
        """Return a ticket that lets `principal` in, once, soon."""
        ticket = secrets.token_urlsafe(32)
        value = f"{principal.user_id} {principal.role}"
        async with _outage():
            await self.keys.set(_name(ticket), value, ex=self.seconds)
        return ticket

    async def redeem(self, ticket: str) -> Principal | None:
        """Return whose `ticket` it is, and make it worthless; None where it is already."""
        async with _outage():
            value = await self.keys.getdel(_name(ticket))
        text = value.decode() if isinstance(value, bytes) else value
        return Principal.parse(text) if isinstance(text, str) else None


def _name(ticket: str) -> str:
    # Whoever can list the keys of Redis still holds no ticket.
    return f"ticket:{hashlib.sha256(ticket.encode()).hexdigest()}"


@asynccontextmanager
async def _outage() -> AsyncIterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise UnavailableError(f"Redis: {type(error).__name__}: {error}") from error
