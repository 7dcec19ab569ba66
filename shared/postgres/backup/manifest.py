"""What a backup says of itself, and how it is read without trusting it."""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.errors import PermanentError

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK_BYTES = 256 * 1024
# How the library fails on damaged files: not always as what it is.
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError),
)


class BackupError(PermanentError):
    """A backup cannot be taken, read, or restored here."""

    code = "backup"


class Table(BaseModel):
    """A table as it was."""

    model_config = ConfigDict(frozen=True)

    name: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    sha256: str

    @property
    def entry(self) -> str:
        """Return where in the file it is."""
        return entry_of(self.name)


class Applied(BaseModel):
    """A migration that the schema had had."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str


class Manifest(BaseModel):
    """What is in a backup.

    Attributes:
        everything: Also what the log gives again.
        tables: In the order in which they may be filled.
        sequences: Where each had got.
    """

    model_config = ConfigDict(frozen=True)

    format: int = FORMAT
    created_at: AwareDatetime
    everything: bool
    migrations: tuple[Applied, ...]
    tables: tuple[Table, ...]
    sequences: dict[str, int]

    @property
    def rows(self) -> int:
        """Return how many rows there are in all."""
        return sum(table.rows for table in self.tables)


def entry_of(table: str) -> str:
    """Return where in the file a table is."""
    return f"tables/{table}.copy"


@contextmanager
def opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """Yield a backup and what it says of itself; every byte of it has been checked.

    Raises:
        BackupError: it is no backup, damaged, or of a later format.
    """
    try:
        archive = zipfile.ZipFile(file)
    except FileNotFoundError:
        raise BackupError(f"{file}: there is no such file") from None
    except DAMAGED as error:
        raise BackupError(f"{file} is no backup, or its end is missing: {error}") from error
    with archive:
        manifest = _manifest(archive, file)
        for table in manifest.tables:
            _check(archive, table, file)
        yield archive, manifest


def _manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        found = Manifest.model_validate_json(archive.read(MANIFEST))
    except KeyError:
        raise BackupError(f"{file} is no backup: it has no {MANIFEST}") from None
    except DAMAGED as error:
        raise BackupError(f"{file}: {MANIFEST} is damaged: {error}") from error
    if found.format > FORMAT:
        raise BackupError(
            f"{file} has format {found.format}, and this code reads {FORMAT}: run the newer code"
        )
    return found


def _check(archive: zipfile.ZipFile, table: Table, file: Path) -> None:
    sha256, size = hashlib.sha256(), 0
    try:
        with archive.open(table.entry) as entry:
            while chunk := entry.read(CHUNK_BYTES):
                sha256.update(chunk)
                size += len(chunk)
    except KeyError:
        raise BackupError(f"{file}: {table.entry} is missing") from None
    except DAMAGED as error:
        raise BackupError(f"{file}: {table.entry} is damaged: {error}") from error
    if (size, sha256.hexdigest()) != (table.bytes, table.sha256):
        raise BackupError(
            f"{file}: {table.entry} is damaged: it has {size} bytes with another checksum than "
            f"the {table.bytes} that were written"
        )
