"""Who asks: the project of a key, and what of the key may be shown."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

# `alpha:one`, `alpha/one`, `alpha.one`: a key of project alpha. What Google issues has a start
# of its own, and may have a dot.
_NAMED = re.compile(r"(?!AIza|AQ\.)([\w-]+)[:/.].+")
_MASK = re.compile(r"[0-9a-f]{8}")
ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        project: Whose quota it is.
        mask: The start of the key's sha256; empty where there is no key.
    """

    project: str
    mask: str


def masked(key: str) -> str:
    """Return what may be shown of a key. What is masked already stays as it is."""
    return key if _MASK.fullmatch(key) else hashlib.sha256(key.encode()).hexdigest()[:8]


def caller(key: str, projects: Mapping[str, str]) -> Caller:
    """Return who uses `key`: by the table, by the name in the key, or a project of its own."""
    if not key:
        return Caller(ANONYMOUS, "")
    mask = masked(key)
    by_mask = {masked(each): project for each, project in projects.items()}
    if mask in by_mask:
        return Caller(by_mask[mask], mask)
    named = _NAMED.fullmatch(key)
    return Caller(named[1] if named else f"project-{mask}", mask)
