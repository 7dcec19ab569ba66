"""Which errors of PostgreSQL mean that it is away, and that waiting will help."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from shared.errors import UnavailableError

AWAY: tuple[type[Exception], ...] = (
    OSError,
    TimeoutError,
    # Refused, lost, starting, stopping, cancelled, full.
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    # Another transaction won; the same work succeeds when it is done again.
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    # A failover left us connected to what is a replica now.
    asyncpg.ReadOnlySQLTransactionError,
    # The driver's own: the connection is closed, or closing.
    asyncpg.InterfaceError,
)


@contextmanager
def outages() -> Iterator[None]:
    """Raise `UnavailableError` in place of what the driver raises while the server is away."""
    try:
        yield
    except AWAY as error:
        raise UnavailableError(f"PostgreSQL: {type(error).__name__}: {error}") from error
