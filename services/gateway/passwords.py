"""Passwords, as argon2id hashes. Hashing takes a core and 64 MiB, so it runs in a thread."""

import asyncio
import secrets

from pwdlib import PasswordHash


class Passwords:
    """Hashes and checks passwords, a few at once."""

    def __init__(self, *, at_once: int) -> None:
        self._hasher = PasswordHash.recommended()
        self._slots = asyncio.Semaphore(at_once)
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Return what may be stored in place of `password`."""
        async with self._slots:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Return whether `stored` was made from `password`.

        Args:
            password: What somebody typed.
            stored: None where there is no such user: it takes just as long, so that the
                time of an answer does not tell who has an account.
        """
        if stored is None:
            self._nobody = self._nobody or await self.hash(secrets.token_urlsafe())
        async with self._slots:
            good = await asyncio.to_thread(
                self._hasher.verify, password, stored or self._nobody or ""
            )
        return good and stored is not None
