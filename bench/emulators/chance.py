"""Chance that comes out the same in every run: drawn from a hash, not from a sequence.

Concurrent calls arrive in any order; what happens to a request must not depend on it.
"""

import hashlib
import math
import random


def draw(*what: object) -> random.Random:
    """Return a source of chance that depends on nothing but `what`."""
    digest = hashlib.sha256("\x1f".join(map(str, what)).encode()).digest()
    # Not for secrets.
    return random.Random(digest)  # noqa: S311 - reproducible on purpose


def lognormal(source: random.Random, *, median: float, sigma: float) -> float:
    """Return a time whose logarithm is normal."""
    return source.lognormvariate(math.log(median), sigma) if median else 0.0
