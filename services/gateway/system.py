"""How the whole stands: who is alive, how far behind, what waits; and who is to restart."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Queues(Protocol):
    """What waits."""

    async def sizes(self) -> Mapping[str, int]:
        """Return how much, by what it waits for."""
        ...


class Fleet(Protocol):
    """The processes of all services."""

    async def of(self, service: str) -> Sequence[Any]:
        """Return those of one service."""
        ...

    async def restart(self, service: str, process_id: str | None = None) -> Sequence[Any]:
        """Have all of a service restarted, or one; return them."""
        ...


@dataclass(frozen=True, slots=True)
class System:
    """What admins see of it.

    Attributes:
        services: Asks the brokers how the services' consumers stand.
    """

    version: str
    queues: Queues
    services: Callable[[], Awaitable[Sequence[Any]]]
    fleet: Fleet
