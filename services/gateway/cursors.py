"""Where a page ends: opaque to clients, a row's sort key to us."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from services.gateway.errors import InvalidFieldsError
from services.gateway.problems import FieldError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where the next ones begin."""

    items: Sequence[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class After:
    """The newest-first sort key: when a row was made, and its id where two were made at once."""

    created_at: datetime
    id: UUID


def encode(*key: object) -> str:
    """Return the cursor for a row with this sort key."""
    text = json.dumps([str(part) for part in key], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def cut(rows: Sequence[T], limit: int, key: Callable[[T], tuple[object, ...]]) -> Page[T]:
    """Return the first `limit` of `rows`, which hold one more where there is a next page."""
    items = rows[:limit]
    return Page(items, encode(*key(items[-1])) if len(rows) > limit else None)


def after(cursor: str | None) -> After | None:
    """Return the sort key in a newest-first cursor.

    Raises:
        InvalidFieldsError: we never gave out this cursor.
    """
    if cursor is None:
        return None
    try:
        created_at, identity = _decode(cursor)
        return After(datetime.fromisoformat(created_at), UUID(identity))
    except ValueError as error:
        raise _invalid() from error


def position(cursor: str | None) -> int:
    """Return the position in a cursor; -1 is before the first row.

    Raises:
        InvalidFieldsError: we never gave out this cursor.
    """
    if cursor is None:
        return -1
    try:
        (text,) = _decode(cursor)
        return _within_integer(int(text))
    except ValueError as error:
        raise _invalid() from error


def _decode(cursor: str) -> list[str]:
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        parts: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, UnicodeError) as error:
        raise ValueError("not base64url") from error
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise ValueError("not a list of texts")
    return parts


def _within_integer(number: int) -> int:
    # PostgreSQL's integer; a forged cursor must not become a database error.
    if not -1 <= number < 2**31:
        raise ValueError("out of range")
    return number


def _invalid() -> InvalidFieldsError:
    detail = "not a cursor of ours; take next_cursor of the page before, as it is"
    return InvalidFieldsError([FieldError(pointer="/cursor", detail=detail, place="query")])
