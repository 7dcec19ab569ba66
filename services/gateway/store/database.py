"""PostgreSQL as the stores see it: a statement, its arguments, and one kind of outage."""

from dataclasses import dataclass

import asyncpg

from shared.postgres import outages


@dataclass(frozen=True, slots=True)
class Database:
    """Runs statements on a pool.

    Every method raises `UnavailableError` where the server cannot be reached.
    """

    pool: asyncpg.Pool

    async def rows(self, sql: str, *args: object) -> list[asyncpg.Record]:
        """Return every row."""
        with outages():
            return await self.pool.fetch(sql, *args)

    async def row(self, sql: str, *args: object) -> asyncpg.Record | None:
        """Return the first row, or None."""
        with outages():
            return await self.pool.fetchrow(sql, *args)

    async def run(self, sql: str, *args: object) -> None:
        """Change something, whatever it answers."""
        with outages():
            await self.pool.execute(sql, *args)
