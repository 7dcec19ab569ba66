"""What lets a client in, and where it is kept."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, Self


@dataclass(frozen=True, slots=True)
class Tokens:
    """A pair of tokens; without `refresh`, the other one is good until it expires."""

    access: str | None = None
    refresh: str | None = None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """Return what signing in, or staying so, was answered with."""
        return cls(str(answer["access_token"]), str(answer["refresh_token"]))


class Keeper(Protocol):
    """Keeps one pair of tokens."""

    def read(self) -> Tokens:
        """Return the pair."""
        ...

    def write(self, tokens: Tokens) -> None:
        """Keep another pair instead."""
        ...

    def turn(self) -> AbstractAsyncContextManager["Keeper"]:
        """Wait until nobody else takes a refresh token; each is good only once."""
        ...


class InMemory:
    """Keeps the tokens of one client, as long as that lives."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def read(self) -> Tokens:
        """Return the pair."""
        return self._tokens

    def write(self, tokens: Tokens) -> None:
        """Keep another pair instead."""
        self._tokens = tokens

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["InMemory"]:
        """Yield at once: nobody else has these."""
        yield self
