"""A pool, its transactions, and the difference between an outage and a bad event."""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self, TypeAlias

import asyncpg
from pydantic_core import to_json

from shared.errors import UnavailableError
from shared.postgres import open_pool, outages

NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

# Held by whatever writes, together; by a rebuild alone, while it switches.
STATE_LOCK = 7_205_116
_AMONG_OTHERS = "SELECT pg_advisory_xact_lock_shared($1)"
_ALONE = "SELECT pg_advisory_xact_lock($1)"

Connection: TypeAlias = Any  # a pool's connection; asyncpg's own type for it is private


class Database:
    """The aggregator's PostgreSQL. An async context: open while the service runs."""

    def __init__(self, url: str, *, schema: str | None = None) -> None:
        self._url = url
        # Tables that are being made anew lie in a schema of their own; see `shadow`.
        self._schema = schema
        self._pool: asyncpg.Pool | None = None

    async def __aenter__(self) -> Self:
        self._pool = await open_pool(self._url, name="bolt-aggregator", schema=self._schema)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        if self._pool is not None:
            await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction, which commits when the block ends.

        Raises:
            UnavailableError: the database is away, or not as this code expects it.
        """
        # Waits while rebuilt state is put in place of this.
        async with self._locked(_AMONG_OTHERS) as connection:
            yield connection

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Connection]:
        """Yield a connection in a transaction that no other one runs beside.

        Raises:
            UnavailableError: the database is away, or not as this code expects it.
        """
        async with self._locked(_ALONE) as connection:
            yield connection

    @asynccontextmanager
    async def _locked(self, lock: str) -> AsyncIterator[Connection]:
        if self._pool is None:
            raise RuntimeError("the database is not open: enter it first")
        with outages(), _not_the_events_fault():
            async with self._pool.acquire() as connection, connection.transaction():
                if self._schema is None:
                    await connection.execute(lock, STATE_LOCK)
                yield connection

    async def answers(self) -> bool:
        """Return whether the database can be reached."""
        if self._pool is None:
            return False
        with outages():
            return bool(await self._pool.fetchval("SELECT true"))


def rows(values: Sequence[dict[str, Any]]) -> str:
    """Return rows as the text that `jsonb_to_recordset` takes: one argument, however many."""
    return document(values)


def document(value: Any) -> str:
    """Return a value as PostgreSQL takes it for `jsonb`."""
    text = to_json(value).decode()
    if "\\u0000" not in text:
        return text
    # What PostgreSQL cannot store is left out: an error text with a NUL in it must still
    # end its job. A backslash that is itself escaped does not begin an escape.
    return NUL.sub(r"\1", text)


@contextmanager
def _not_the_events_fault() -> Iterator[None]:
    """Wait where the schema or a grant is wrong: no event may be put aside for that."""
    try:
        yield
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
        raise
    except asyncpg.PostgresError as error:
        raise UnavailableError(f"PostgreSQL: {type(error).__name__}: {error}") from error
