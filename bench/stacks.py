"""A stack of a measurement's own, which says little and refuses nobody."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.service import SERVICES
from deploy.local.stack import Stack

QUIET = {"LOG_LEVEL": "WARNING", "RATE_LIMITS": ""}


@contextmanager
def quiet_stack(services: Sequence[str] = SERVICES, **env: str) -> Iterator[Stack]:
    """Run `services` and their servers in a folder that is gone with them."""
    with (
        tempfile.TemporaryDirectory(prefix="bolt-bench-") as folder,
        Stack(Path(folder), services=services, env=QUIET | env, forget=True) as stack,
    ):
        yield stack
