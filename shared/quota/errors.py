"""What a pool raises, beside what everyone raises: another model may do better."""

from shared.errors import RateLimitedError, RefusedError


class ExhaustedError(RateLimitedError):
    """No key serves this model for a long while: its day is over, or it is overloaded."""


class NoKeyError(RefusedError):
    """No key serves this model at all: it is gone, or every key is refused."""
