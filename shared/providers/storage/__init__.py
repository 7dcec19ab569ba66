"""Object stores. `create(name)` is the only thing services call."""

import sys
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

from shared.errors import InvalidRequestError
from shared.providers import load
from shared.providers.storage.base import Listed, Storage, Stored

__all__ = ["Listed", "Storage", "Stored", "create", "download", "upload"]

S3 = "s3"


def create(name: str = "local") -> Storage:
    """Return the object store called `name`, not yet open."""
    return cast(Storage, load(sys.modules[__name__], name).create())


async def upload(file: Path, url: str) -> None:
    """Write a file of any size to `s3://bucket/key`, with the settings of the store `s3`.

    Raises:
        InvalidRequestError: `url` is none of these.
        UnavailableError: the store cannot be reached, or refused.
    """
    bucket, key = _address(url)
    await load(sys.modules[__name__], S3).upload(file, bucket, key)


async def download(url: str, file: Path) -> None:
    """Read `s3://bucket/key` into a file, with the settings of the store `s3`.

    Raises:
        InvalidRequestError: `url` is none of these, or nothing lies there.
        UnavailableError: the store cannot be reached, or refused.
    """
    bucket, key = _address(url)
    await load(sys.modules[__name__], S3).download(bucket, key, file)


def _address(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    key = parts.path.strip("/")
    if parts.scheme != S3 or not parts.netloc or not key:
        raise InvalidRequestError(f"{url} is no address in a store: give s3://bucket/key")
    return parts.netloc, key
