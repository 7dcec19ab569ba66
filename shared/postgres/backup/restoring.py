"""Restores a backup: whole or not at all, and brings its schema up to date afterwards."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg

from shared.postgres.backup import schema
from shared.postgres.backup.manifest import BackupError, Manifest, Table, opened
from shared.postgres.migrate import Migration, migrate, read
from shared.postgres.outage import outages

# Whoever holds a table for longer is a service that still runs.
LOCK_SECONDS = 10
_OTHERS = """
SELECT DISTINCT coalesce(nullif(application_name, ''), usename) AS name FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
ORDER BY name
"""


async def restore(url: str, file: Path, *, force: bool = False) -> tuple[Manifest, list[str]]:
    """Make the database what `file` says; return that, and the migrations applied afterwards.

    Args:
        url: Of the database. No service may use it.
        file: The backup.
        force: Also where there is something: it is lost.

    Raises:
        BackupError: the file is damaged or of newer code, or the database is in use or not empty.
        UnavailableError: the database is away.
    """
    with opened(file) as (archive, manifest):
        migrations = _migrations(manifest, read(), file)
        with outages():
            connection = await asyncpg.connect(
                url, timeout=10, server_settings={"application_name": "bolt-restore"}
            )
            try:
                async with connection.transaction():
                    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
                    await _refuse(connection, force=force)
                    await _prepare(connection, manifest, migrations)
                    await _fill(connection, archive, manifest)
            finally:
                await connection.close()
    return manifest, await migrate(url)


def _migrations(manifest: Manifest, known: Sequence[Migration], file: Path) -> list[Migration]:
    """Return the migrations that the backup's schema had had, in their order."""
    by_name = {migration.name: migration for migration in known}
    for applied in manifest.migrations:
        migration = by_name.get(applied.name)
        if migration is None:
            raise BackupError(
                f"{file} is of newer code: its schema has {applied.name}, which this code does "
                "not know; restore it with the code it was taken with, or a newer one"
            )
        if migration.sha256 != applied.sha256:
            raise BackupError(f"{file}: {applied.name} was another migration when it was taken")
    had = {applied.name for applied in manifest.migrations}
    return [migration for migration in known if migration.name in had]


async def _refuse(connection: Any, *, force: bool) -> None:
    if others := [row["name"] for row in await connection.fetch(_OTHERS)]:
        raise BackupError(
            f"the database is in use by {', '.join(others)}: stop what is connected to it first"
        )
    if force:
        return
    if found := await schema.filled(connection, await schema.tables(connection)):
        raise BackupError(
            f"the database is not empty: there are rows in {', '.join(found)}; restore into a new "
            "one, or give --force to replace what there is"
        )


async def _prepare(connection: Any, manifest: Manifest, migrations: Sequence[Migration]) -> None:
    """Leave empty tables of the very schema that the backup has."""
    had = {applied.name: applied.sha256 for applied in manifest.migrations}
    await connection.execute("DROP SCHEMA IF EXISTS rebuild CASCADE")
    if await schema.applied(connection) != had:
        await _make_anew(connection, migrations)
    await schema.empty(connection, await schema.tables(connection))


async def _make_anew(connection: Any, migrations: Sequence[Migration]) -> None:
    await schema.drop(connection, await schema.relations(connection))
    await connection.execute(
        "CREATE TABLE schema_migrations (name text PRIMARY KEY, sha256 text NOT NULL, "
        "applied_at timestamptz NOT NULL DEFAULT now())"
    )
    for migration in migrations:
        await connection.execute(migration.sql)
        await connection.execute(
            "INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)",
            migration.name,
            migration.sha256,
        )


async def _fill(connection: Any, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    for table in manifest.tables:
        await _copy(connection, archive, table)
    for name, value in manifest.sequences.items():
        await connection.execute("SELECT setval($1::text::regclass, $2)", f'public."{name}"', value)


async def _copy(connection: Any, archive: zipfile.ZipFile, table: Table) -> None:
    with archive.open(table.entry) as entry:
        status = await connection.copy_to_table(
            table.name,
            schema_name="public",
            columns=list(table.columns),
            source=entry,
            timeout=None,
        )
    if (rows := int(status.rpartition(" ")[2])) != table.rows:
        raise BackupError(f"{table.name}: {rows} of {table.rows} rows were taken; nothing changed")
