"""HTTP byte ranges (RFC 9110, section 14): which part of an object a player asks for."""

import re
from dataclasses import dataclass

from services.gateway.errors import RangeNotSatisfiableError

_ONE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """The bytes [start, end) of an object of `size` bytes."""

    start: int
    end: int
    size: int

    @property
    def content_range(self) -> str:
        """Return the Content-Range header that says so."""
        return f"bytes {self.start}-{self.end - 1}/{self.size}"


def parse(header: str | None, size: int) -> Span | None:
    """Return the part that `header` asks for, or None where the whole is to be sent.

    Several ranges at once, and units other than bytes, are answered with the whole, as the
    RFC allows.

    Raises:
        RangeNotSatisfiableError: the object ends before the range begins.
    """
    found = _ONE_RANGE.fullmatch(header.strip()) if header else None
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return _suffix(int(last), size)
    start, end = int(first), int(last) + 1 if last else size
    if end <= start and last:
        return None
    if start >= size:
        raise RangeNotSatisfiableError(size)
    return Span(start, min(end, size), size)


def _suffix(length: int, size: int) -> Span:
    if length == 0 or size == 0:
        raise RangeNotSatisfiableError(size)
    return Span(max(0, size - length), size, size)
