"""Who asks, and what they may do."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Literal, Self
from uuid import UUID

Scope = Literal["read", "write", "admin"]
EVERYTHING: frozenset[str] = frozenset({"read", "write", "admin"})
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks.

    Attributes:
        user_id: Whose things they may see.
        role: `admin` only where the account is an admin's and the credential may act as one.
        scopes: What the credential may be used for.
        session_id: What they signed in as; None where they came with an API key or a ticket.
    """

    user_id: UUID
    role: str
    scopes: Set[str] = EVERYTHING
    session_id: UUID | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the principal written as "<user id> <role>"."""
        user_id, role = text.split()
        return cls(UUID(user_id), role)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, as far as anybody can tell."""

    address: str = ""
    user_agent: str = ""
