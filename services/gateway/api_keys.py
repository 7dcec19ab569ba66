"""What an API key is made of: `bolt_live_<name>_<secret>`; the secret is never kept."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Self

START = "bolt_live_"
_SHAPE = re.compile(r"(?P<prefix>bolt_live_[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class MintedKey:
    """A key in one's hand.

    Attributes:
        prefix: What it is called by, in lists and logs.
        secret: What nobody may see again.
    """

    prefix: str
    secret: str

    @classmethod
    def make(cls) -> Self:
        """Return a new key."""
        return cls(f"{START}{secrets.token_hex(6)}", secrets.token_urlsafe(32))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the key written as `text`; None where it is none of ours."""
        match = _SHAPE.fullmatch(text)
        return cls(match["prefix"], match["secret"]) if match else None

    def __repr__(self) -> str:
        """Return what may be logged."""
        return f"MintedKey({self.prefix})"

    @property
    def text(self) -> str:
        """Return what is shown, once."""
        return f"{self.prefix}_{self.secret}"

    @property
    def secret_sha256(self) -> bytes:
        """Return what is kept. 256 random bits need no slow hash."""
        return hashlib.sha256(self.secret.encode()).digest()

    def opens(self, stored: bytes) -> bool:
        """Return whether `stored` was made from this key's secret."""
        return hmac.compare_digest(self.secret_sha256, stored)
