"""Takes a backup: one moment of every table, as a stream, in little memory."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import asyncpg

from shared.postgres.backup import schema
from shared.postgres.backup.manifest import (
    MANIFEST,
    Applied,
    BackupError,
    Manifest,
    Table,
    entry_of,
)
from shared.postgres.migrate import read
from shared.postgres.outage import outages

# It holds hashes of passwords: nobody else may read it.
MODE = 0o600


async def back_up(url: str, file: Path, *, everything: bool = False) -> Manifest:
    """Write what the log cannot give again, or everything, to `file`; services may run on.

    Raises:
        BackupError: the file is there, or the database has no schema yet.
        UnavailableError: the database is away.
    """
    with _whole(file) as out, outages():
        return await _taken(url, out, everything=everything)


@contextmanager
def _whole(file: Path) -> Iterator[IO[bytes]]:
    """Yield what becomes `file` once it is written."""
    if file.exists():
        raise BackupError(f"{file} is there already: name another, or remove it")
    part = file.with_name(f"{file.name}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, MODE), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        raise BackupError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


async def _taken(url: str, out: IO[bytes], *, everything: bool) -> Manifest:
    connection = await asyncpg.connect(
        url, timeout=10, server_settings={"application_name": "bolt-backup"}
    )
    try:
        # All tables as they are at one moment, however long it takes.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await _write(connection, out, everything=everything)
    finally:
        await connection.close()


async def _write(connection: Any, out: IO[bytes], *, everything: bool) -> Manifest:
    applied = await schema.applied(connection)
    if not applied:
        raise BackupError("the database has no schema: there is nothing to back up")
    again = set() if everything else schema.folded(read())
    names = [name for name in await schema.tables(connection) if name not in again]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [await _copy(connection, archive, name) for name in names]
        manifest = Manifest(
            created_at=datetime.now(UTC),
            everything=everything,
            migrations=tuple(Applied(name=name, sha256=hash_) for name, hash_ in applied.items()),
            tables=tuple(tables),
            sequences=await schema.sequences(connection),
        )
        archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
    return manifest


async def _copy(connection: Any, archive: zipfile.ZipFile, name: str) -> Table:
    sha256, size = hashlib.sha256(), 0
    columns = await schema.columns(connection, name)
    with archive.open(entry_of(name), "w", force_zip64=True) as entry:

        async def take(chunk: bytes) -> None:
            nonlocal size
            sha256.update(chunk)
            size += len(chunk)
            entry.write(chunk)

        status = await connection.copy_from_table(
            name, schema_name="public", columns=columns, output=take, timeout=None
        )
    return Table(
        name=name,
        columns=tuple(columns),
        rows=int(status.rpartition(" ")[2]),
        bytes=size,
        sha256=sha256.hexdigest(),
    )
