"""Many parts at once: the slowest decides how long it takes, not their sum."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from deploy.local.launcher import Launcher
from deploy.local.part import Part

# Is told the name of a part, and what became of it.
Notice = Callable[[str, str], None]


def start(parts: Sequence[Part], launcher: Launcher, notice: Notice) -> None:
    """Start parts side by side; the first that fails calls the others off.

    Raises:
        StartError: One did not come up.
    """
    with ThreadPoolExecutor(max_workers=max(len(parts), 1)) as threads:
        starting = [threads.submit(start_one, part, notice) for part in parts]
        try:
            for each in as_completed(starting):
                each.result()
        except BaseException:
            # Ctrl-C too. Before the pool is left, which waits for its threads.
            launcher.cancel()
            raise


def start_one(part: Part, notice: Notice) -> str:
    """Start a part, say how long it took, and return its address."""
    record = part.state.record(part.name)
    was_running = record is not None and record.running
    began = time.monotonic()
    address = part.start()
    took = time.monotonic() - began
    notice(part.name, "was running" if was_running else f"ready in {took:.1f} s")
    return address


def stop(parts: Sequence[Part]) -> None:
    """Stop parts side by side, all of them, and only then say what went wrong."""
    with ThreadPoolExecutor(max_workers=max(len(parts), 1)) as threads:
        stopping = [threads.submit(part.stop) for part in parts]
    for each in stopping:
        each.result()
