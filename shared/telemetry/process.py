"""The process itself."""

import os
import resource
import sys
import time
from pathlib import Path

from shared.telemetry.declared import EVERYONE, Metric, readings

WINDOW_SECONDS = 30.0

_loop_lag = readings(
    Metric(
        "bolt.event_loop.lag",
        "gauge",
        "s",
        "How late the event loop's heartbeat came, at worst, in the last half minute.",
        services=EVERYONE,
    )
)
_cpu = readings(
    Metric("process.cpu.time", "counter", "s", "Processor time used.", services=EVERYONE)
)
_memory = readings(
    Metric("process.memory.usage", "gauge", "By", "Memory in use.", services=EVERYONE)
)


class Pulse:
    """The event loop's heartbeat, as seen by whoever reads the metrics."""

    def __init__(self) -> None:
        self._worst = 0.0
        self._since = time.monotonic()

    def beat(self, late: float) -> None:
        """Take a beat in that came `late` seconds late."""
        now = time.monotonic()
        if now - self._since > WINDOW_SECONDS:
            self._worst, self._since = 0.0, now
        self._worst = max(self._worst, late)
        _loop_lag.set(self._worst)
        used = resource.getrusage(resource.RUSAGE_SELF)
        _cpu.set(used.ru_utime + used.ru_stime)
        _memory.set(_resident(used.ru_maxrss))


def _resident(most: int) -> float:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        # No /proc here. The most it ever was says enough; macOS counts it in bytes.
        return float(most) if sys.platform == "darwin" else most * 1024.0
    return float(pages * os.sysconf("SC_PAGE_SIZE"))
