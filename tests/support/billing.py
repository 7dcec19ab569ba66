"""Work as the runtime does it: with a bill of what its providers are paid for."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.quota import Bill
from shared.runtime.going import Going


@contextmanager
def billed() -> Iterator[Bill]:
    """Yield the bill of the block."""
    bill = Bill()
    with Going(lambda: None, bill=bill):
        yield bill
