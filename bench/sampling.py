"""What processes use while something runs: memory in bytes, processor time in seconds."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psutil

EVERY_SECONDS = 0.5


@dataclass(slots=True)
class Used:
    """What one process used, its children included.

    Attributes:
        first_bytes: Resident memory at the first sample.
        most_bytes: The most at any sample.
        last_bytes: At the last one.
        cpu_seconds: User and system time between the first sample and the last.
    """

    first_bytes: int = 0
    most_bytes: int = 0
    last_bytes: int = 0
    cpu_seconds: float = 0.0


class Sampler:
    """Samples named processes in a thread of its own. A context manager."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self.used = {name: Used() for name in pids}
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._began = {name: _cpu(process) for name, process in self._processes.items()}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        self._sample()

    def _run(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            self._sample()

    def _sample(self) -> None:
        for name, process in self._processes.items():
            used = self.used[name]
            used.last_bytes = _memory(process)
            used.first_bytes = used.first_bytes or used.last_bytes
            used.most_bytes = max(used.most_bytes, used.last_bytes)
            used.cpu_seconds = _cpu(process) - self._began[name]


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _memory(process: psutil.Process) -> int:
    # PSS shares what PostgreSQL's processes share between them; counting RSS would multiply it.
    total = 0
    for one in _family(process):
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total


def _cpu(process: psutil.Process) -> float:
    total = 0.0
    for one in _family(process):
        try:
            times = one.cpu_times()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
        total += times.user + times.system
    return total


def now() -> float:
    """Return a clock for durations."""
    return time.perf_counter()
