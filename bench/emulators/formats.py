"""Strings of a form: dates, addresses, patterns that are often asked for."""

import re

_FORMATS = {
    "date": "2026-03-14",
    "time": "09:30:00Z",
    "date-time": "2026-03-14T09:30:00Z",
    "duration": "PT90S",
    "email": "someone@example.org",
    "uri": "https://example.org/one",
    "url": "https://example.org/one",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "uuid": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
}
# A pattern cannot be run backwards here; these fit most of those that people write.
_CANDIDATES = (
    "A morning",
    "word",
    "Word",
    "WORD",
    "two words",
    "a-b",
    "pt-BR",
    "pt",
    "a1",
    "A1",
    "#a0b1c2",
    "1",
    "12",
    "123",
    "1234",
    "1.0",
    "1.0.0",
    "00:00",
    "00:00:00",
    "...",
    *_FORMATS.values(),
)


def example(form: str, pattern: str) -> str:
    """Return a string of this format and pattern; empty where neither is given.

    Raises:
        ValueError: no example is known that fits the pattern.
    """
    if pattern:
        for each in _CANDIDATES:
            if re.search(pattern, each):
                return each
        raise ValueError(f"no example is known for the pattern {pattern!r}")
    return _FORMATS.get(form, "")
