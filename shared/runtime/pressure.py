"""How short of processors this process is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

EVERY_SECONDS = 0.25


@dataclass(slots=True)
class Pressure:
    """How long the event loop could have gone on, and no processor was free for it.

    Attributes:
        source: Where Linux says so of a process's first thread: nanoseconds run, nanoseconds
            waited, and how often. Where there is no such file, nothing is known to be short.
        clock: Nanoseconds.
    """

    source: Path = Path("/proc/self/schedstat")
    clock: Callable[[], int] = time.monotonic_ns
    _waited: int = 0
    _at: int = 0

    def share(self) -> float:
        """Return which part of the time since this was asked last it waited, from 0 to 1."""
        try:
            waited = int(self.source.read_text().split()[1])
        except (OSError, IndexError, ValueError):
            return 0.0
        now = self.clock()
        share = (waited - self._waited) / (now - self._at) if self._at else 0.0
        self._waited, self._at = waited, now
        return share


async def tell(heed: Callable[[float], None]) -> None:
    """Tell `heed` for ever how short of processors this process is."""
    pressure = Pressure()
    while True:
        heed(pressure.share())
        await asyncio.sleep(EVERY_SECONDS)
