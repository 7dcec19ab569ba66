"""What an object store must do. The suite in tests/contracts holds it to this."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Protocol, Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the store knows of an object without reading it.

    Attributes:
        changed_at: When it was written, in seconds since 1970; 0 where nobody asked the store.
    """

    key: str
    bytes: int
    sha256: str
    media_type: str
    changed_at: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a listing says of an object.

    Attributes:
        changed_at: When it was written, in seconds since 1970.
    """

    key: str
    bytes: int
    changed_at: float


class Storage(Protocol):
    """Keeps objects. Opened before the first call, closed after the last.

    Every method raises `UnavailableError` where the store cannot be reached.
    """

    async def __aenter__(self) -> Self:
        """Open connections."""
        ...

    async def __aexit__(self, *exc_info: object) -> None:
        """Close them."""
        ...

    async def put(self, key: str, data: bytes, *, media_type: str) -> Stored:
        """Store `data` under `key`, whole or not at all. Repeating it changes nothing."""
        ...

    async def head(self, key: str) -> Stored | None:
        """Return what is known of `key`, or None where there is nothing."""
        ...

    async def get(self, key: str) -> bytes:
        """Return what lies under `key`.

        Raises:
            InvalidRequestError: nothing does.
        """
        ...

    def stream(self, key: str, *, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes [start, end) of `key` in chunks; to its end where `end` is None.

        Raises:
            InvalidRequestError: nothing lies there.
        """
        ...

    def listing(self, prefix: str) -> AsyncIterator[Listed]:
        """Yield the objects whose keys begin with `prefix`, which ends with a slash."""
        ...

    async def delete(self, key: str) -> None:
        """Remove `key`; not an error where nothing lies there."""
        ...
