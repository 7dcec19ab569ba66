"""A folder. For one machine: development, the demo, tests, a small installation.

An object is a file; what is known of it without reading it lies beside it in `<name>.json`.
The description is written first and the object moved into place last, so an object that
is there is whole and described.
"""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self
from uuid import uuid4

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.errors import InvalidRequestError, UnavailableError
from shared.providers.storage.base import Listed, Storage, Stored
from shared.settings import BaseSettings

CHUNK_BYTES = 256 * 1024


class Settings(BaseSettings):
    """Where the folder is."""

    model_config = SettingsConfigDict(env_prefix="STORAGE_LOCAL_", env_file=".env", extra="ignore")

    root: Path = Field(default=Path(".local/artefacts"), description="Folder of the objects.")


class LocalStorage:
    """Objects as files below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.root.mkdir, parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        return None

    async def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        return await asyncio.to_thread(self._put, key, data, media_type)

    async def head(self, key: str) -> Stored | None:
        return await asyncio.to_thread(self._head, key)

    async def get(self, key: str) -> bytes:
        try:
            return await asyncio.to_thread(self._path(key).read_bytes)
        except FileNotFoundError:
            raise InvalidRequestError(f"no object {key!r} in the store") from None

    async def stream(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError:
            raise InvalidRequestError(f"no object {key!r} in the store") from None
        with file:
            await asyncio.to_thread(file.seek, start)
            left = float("inf") if end is None else end - start
            while left > 0 and (
                chunk := await asyncio.to_thread(file.read, int(min(CHUNK_BYTES, left)))
            ):
                left -= len(chunk)
                yield chunk

    async def listing(self, prefix: str) -> AsyncIterator[Listed]:
        # Folder by folder: a store has more objects than fit into one answer.
        for folder in await asyncio.to_thread(_folders, self._path(prefix)):
            for listed in await asyncio.to_thread(self._files, folder):
                yield listed

    async def delete(self, key: str) -> None:
        path = self._path(key)
        for file in (path, _description(path)):
            await asyncio.to_thread(file.unlink, missing_ok=True)

    def _files(self, folder: Path) -> list[Listed]:
        found = []
        for path in folder.iterdir():
            if path.name.startswith(".") or path.suffix == ".json~" or not path.is_file():
                continue
            try:
                about = path.stat()
            except FileNotFoundError:
                continue
            key = path.relative_to(self.root.resolve()).as_posix()
            found.append(Listed(key=key, bytes=about.st_size, changed_at=about.st_mtime))
        return found

    def _put(self, key: str, data: bytes, media_type: str) -> Stored:
        path = self._path(key)
        stored = Stored(
            key=key,
            bytes=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            media_type=media_type,
        )
        words = {"sha256": stored.sha256, "media_type": media_type}
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
            _write(_description(path), json.dumps(words).encode())
            _write(path, data)
        except OSError as error:
            raise UnavailableError(f"cannot write {key!r}: {error.strerror}") from error
        return stored

    def _head(self, key: str) -> Stored | None:
        path = self._path(key)
        try:
            about = path.stat()
            words = json.loads(_description(path).read_bytes())
        except FileNotFoundError:
            return None
        return Stored(key=key, bytes=about.st_size, changed_at=about.st_mtime, **words)

    def _path(self, key: str) -> Path:
        parts = key.split("/")
        if ".." in parts or not parts[0] or key.endswith(".json~"):
            raise InvalidRequestError(f"{key!r} is not a key of this store")
        return self.root / key


def _folders(root: Path) -> list[Path]:
    return [Path(folder) for folder, _, _ in os.walk(root)]


def _description(path: Path) -> Path:
    return path.with_name(f"{path.name}.json~")


def _write(path: Path, data: bytes) -> None:
    # A name of its own per writer: two may store the same object at once.
    part = path.with_name(f".{path.name}.{uuid4().hex}")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def configured() -> bool:
    return True


def create() -> Storage:
    return LocalStorage(Settings().root)
