"""Brings the schema up to date: `python -m shared.postgres.migrate`. Repeating it is fine.

A migration is `migrations/NNNN_pre_what.sql` (before the new code runs) or
`NNNN_post_what.sql` (after the old code is gone). It is applied once, in the order of
its number, in a transaction of its own. One that was applied is never edited: write the
next.
"""

import argparse
import asyncio
import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import asyncpg
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.errors import PermanentError, UnavailableError
from shared.postgres.outage import outages
from shared.settings import BaseSettings

log = logging.getLogger(__name__)

Phase = Literal["pre", "post", "all"]

MIGRATIONS = Path(__file__).parent / "migrations"
NAME = re.compile(r"(?P<number>\d{4})_(?P<phase>pre|post)_[a-z0-9_]+\.sql")
WAIT_SECONDS = 60.0
# Any number will do, so long as every process that migrates takes the same.
LOCK = 7_205_114

_RECORD = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    name       text PRIMARY KEY,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class ChangedMigrationError(PermanentError):
    """The files and the database do not tell the same story."""


class Settings(BaseSettings):
    """Where the database is, and how long to wait for it."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    database_url: str = Field(
        default="postgresql://localhost:5432/bolt", description="PostgreSQL, as a URL."
    )
    migrate_wait_seconds: float = Field(
        default=WAIT_SECONDS, ge=0, description="How long to wait for the server to answer."
    )


@dataclass(frozen=True, slots=True)
class Migration:
    """One file."""

    name: str
    phase: str
    sql: str

    @property
    def sha256(self) -> str:
        """Return the hash that tells whether the file was edited."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read(folder: Path = MIGRATIONS) -> list[Migration]:
    """Return the migrations of `folder`, in the order in which they apply.

    Raises:
        ChangedMigrationError: a name is not NNNN_pre_what.sql, or a number is there twice.
    """
    found: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = NAME.fullmatch(path.name)
        if match is None:
            raise ChangedMigrationError(f"{path.name}: name it NNNN_pre_what.sql or NNNN_post_…")
        if match["number"] in found:
            raise ChangedMigrationError(f"{path.name}: number {match['number']} is taken")
        found[match["number"]] = Migration(path.name, match["phase"], path.read_text("utf-8"))
    return list(found.values())


async def migrate(
    url: str,
    *,
    phase: Phase = "all",
    folder: Path = MIGRATIONS,
    wait_seconds: float = WAIT_SECONDS,
) -> list[str]:
    """Apply what is missing and return the names of what was applied.

    Args:
        url: Of the database.
        phase: "pre" stops before the first `post` migration that is not applied.
        folder: Where the files are.
        wait_seconds: How long the server may take to answer.

    Raises:
        ChangedMigrationError: a file that was applied has been edited or is gone.
        UnavailableError: the server did not answer in time.
    """
    migrations = read(folder)
    connection = await _connect(url, wait_seconds)
    try:
        # Several processes may start at once; the second finds nothing left to do.
        await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
        await connection.execute(_RECORD)
        rows = await connection.fetch("SELECT name, sha256 FROM schema_migrations")
        todo = pending(migrations, {row["name"]: row["sha256"] for row in rows}, phase)
        for migration in todo:
            await _apply(connection, migration)
        return [migration.name for migration in todo]
    finally:
        # Closing the session gives the lock back.
        await connection.close()


@dataclass(frozen=True, slots=True)
class State:
    """A database as it stands.

    Attributes:
        version: PostgreSQL's, the first number.
        now: By its clock.
        applied: How many migrations it has had.
        pending: Those it has not.
    """

    version: int
    now: datetime
    applied: int
    pending: tuple[str, ...]


async def state(url: str, *, folder: Path = MIGRATIONS) -> State:
    """Return how the database stands, changing nothing.

    Raises:
        ChangedMigrationError: a file that was applied has been edited or is gone.
        UnavailableError: the server did not answer.
    """
    connection = await _connect(url, wait_seconds=0)
    try:
        version, now, known = await connection.fetchrow(
            "SELECT current_setting('server_version_num')::int / 10000, clock_timestamp(), "
            "to_regclass('schema_migrations') IS NOT NULL"
        )
        found = (
            await connection.fetch("SELECT name, sha256 FROM schema_migrations") if known else ()
        )
    finally:
        await connection.close()
    applied = {row["name"]: row["sha256"] for row in found}
    todo = pending(read(folder), applied, "all")
    return State(version, now, len(applied), tuple(migration.name for migration in todo))


def pending(
    migrations: Sequence[Migration], applied: dict[str, str], phase: Phase
) -> list[Migration]:
    """Return what is to be applied.

    Raises:
        ChangedMigrationError: a file that was applied has been edited or is gone.
    """
    if gone := applied.keys() - {migration.name for migration in migrations}:
        raise ChangedMigrationError(
            f"the database has {', '.join(sorted(gone))}, which this code does not know: "
            "run the newer code, or restore the file"
        )
    todo: list[Migration] = []
    for migration in migrations:
        if migration.name not in applied:
            if phase == "pre" and migration.phase == "post":
                break
            todo.append(migration)
        elif applied[migration.name] != migration.sha256:
            raise ChangedMigrationError(
                f"{migration.name} was edited after it was applied: restore it and write the "
                "change as a new migration"
            )
    return todo


async def _apply(connection: Any, migration: Migration) -> None:
    log.info("applying %s", migration.name)
    async with connection.transaction():
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)",
            migration.name,
            migration.sha256,
        )


async def _connect(url: str, wait_seconds: float) -> Any:
    deadline = asyncio.get_running_loop().time() + wait_seconds
    while True:
        try:
            with outages():
                return await asyncpg.connect(url, timeout=10)
        except UnavailableError as error:
            if asyncio.get_running_loop().time() > deadline:
                raise
            log.info("waiting for the database: %s", error)
            await asyncio.sleep(0.5)


def main(arguments: Sequence[str] | None = None) -> None:
    """Migrate the database named in the environment."""
    parser = argparse.ArgumentParser(description="Bring the database schema up to date.")
    parser.add_argument("--phase", choices=("pre", "post", "all"), default="all")
    phase: Phase = parser.parse_args(arguments).phase
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = Settings()
    applied = asyncio.run(
        migrate(settings.database_url, phase=phase, wait_seconds=settings.migrate_wait_seconds)
    )
    log.info("schema: %d migrations applied", len(applied))


if __name__ == "__main__":
    main()
