"""How the whole stands: who is alive, how far behind, what waits."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Queues(Protocol):
    """What waits."""

    async def sizes(self) -> Mapping[str, int]:
        """Return how much, by what it waits for."""
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
