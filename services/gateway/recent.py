"""What was found out a moment ago, and need not be asked again yet."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

MOST_REMEMBERED = 10_000


@dataclass(slots=True)
class Recent(Generic[K, V]):
    """Answers that hold for `seconds`."""

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _found: dict[K, tuple[float, V]] = field(default_factory=dict)

    def get(self, key: K) -> V | None:
        """Return the answer, or None where there is none that still holds."""
        until, value = self._found.get(key, (0.0, None))
        return value if until > self.clock() else None

    def keep(self, key: K, value: V) -> None:
        """Remember an answer. Where too many are remembered, all are forgotten."""
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()
        self._found[key] = (self.clock() + self.seconds, value)

    def forget(self) -> None:
        """Ask again, whatever it is."""
        self._found.clear()
