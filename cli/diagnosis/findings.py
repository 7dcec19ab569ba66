"""What a check says."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        part: What it belongs to.
        state: Whether it is as it has to be.
        says: What was found.
        fix: What to do about it; empty where there is nothing to do.
    """

    part: str
    state: State
    says: str
    fix: str = ""


def fine(part: str, says: str) -> Finding:
    """Return a finding of what is as it has to be."""
    return Finding(part, "ok", says)


def poor(part: str, says: str, fix: str) -> Finding:
    """Return a finding of what works, and could do harm."""
    return Finding(part, "warning", says, fix)


def bad(part: str, says: str, fix: str) -> Finding:
    """Return a finding of what keeps a service from working."""
    return Finding(part, "error", says, fix)
