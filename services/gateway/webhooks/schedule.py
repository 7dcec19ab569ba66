"""When a message that was not taken is sent again. Pure."""

import random
from datetime import timedelta

# After the first try, the second, ... : about three days in all.
PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
SPREAD = 0.2


def pause_after(tries: int, *, chance: float | None = None) -> timedelta | None:
    """Return how long to wait after so many tries; None: give up.

    Args:
        tries: How often it was sent.
        chance: From 0 to 1, for tests: many that failed together are not sent together again.
    """
    if not 1 <= tries <= len(PAUSES):
        return None
    share = random.random() if chance is None else chance  # noqa: S311 - a spread, not a secret
    return PAUSES[tries - 1] * (1 + SPREAD * share)
