"""Signing in, staying signed in, and signing out.

A session is a family of refresh tokens. Each is good once, for the next one. One that comes
back has been stolen, from us or from its owner, and nobody can tell by whom: the session ends.
"""

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from services.gateway.errors import UnauthenticatedError
from services.gateway.identity import Identity
from services.gateway.principals import Principal, Visitor
from services.gateway.rate_limits import RateLimits
from services.gateway.store.audit import Deed
from services.gateway.store.sessions import Rotated
from services.gateway.store.users import Credentials
from services.gateway.tokens import Tokens

log = logging.getLogger(__name__)

START = "bolt_refresh_"
WRONG = "no account has this email address and password"


class Accounts(Protocol):
    """What signing in needs of the table `users`."""

    async def credentials(self, email: str) -> Credentials | None:
        """Return what signs `email` in, or None."""
        ...


class Hasher(Protocol):
    """What checks passwords."""

    async def matches(self, password: str, stored: str | None) -> bool:
        """Return whether `stored` was made from `password`."""
        ...


class Audit(Protocol):
    """Where what has to be known afterwards is written down."""

    async def add(self, deed: Deed) -> None:
        """Write it down."""
        ...


class Sessions(Protocol):
    """What signing in needs of the table `sessions`."""

    async def begin(
        self, session: tuple[UUID, UUID], token: bytes, visitor: Visitor, lifetime: timedelta
    ) -> None:
        """Begin a session."""
        ...

    async def rotate(self, token: bytes, following: bytes) -> Rotated | None:
        """Take `token` for `following`, once."""
        ...

    async def end_if_replayed(self, token: bytes, visitor: Visitor) -> UUID | None:
        """End the session of a token that was used before."""
        ...

    async def holder(self, token: bytes) -> tuple[UUID, UUID] | None:
        """Return (user id, session id) of a refresh token."""
        ...

    async def end(
        self, user_id: UUID, session_id: UUID | None = None, *, but: UUID | None = None
    ) -> list[UUID]:
        """End one session of a user, or all."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody who has signed in is given."""

    access_token: str
    refresh_token: str
    expires_in: int
    refresh_expires_in: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """Begins, keeps and ends sessions.

    Attributes:
        lifetime: How long a session lasts, however much it is used.
    """

    users: Accounts
    passwords: Hasher
    sessions: Sessions
    tokens: Tokens
    identity: Identity
    limits: RateLimits
    audit: Audit
    lifetime: timedelta

    async def with_password(self, email: str, password: str, visitor: Visitor) -> Grant:
        """Return what lets `email` in.

        Raises:
            UnauthenticatedError: no account has this address and password.
            TooManyRequestsError: it was tried too often.
        """
        email = email.strip().replace("\x00", "")
        guesses = f"{visitor.address} {email.lower()}"
        # Taken before the password is looked at: many guesses at once count, too.
        await self.limits.take("password", guesses)
        known = await self.users.credentials(email)
        good = await self.passwords.matches(password, known.password_hash if known else None)
        if known is None or not good:
            # Also where there is no account, so that both take as long. Never what was typed:
            # now and then that is a password in the wrong field.
            subject = str(known.user_id) if known else ""
            await self.audit.add(
                Deed(action="sign_in.failed", subject=subject, address=visitor.address, detail={})
            )
            raise UnauthenticatedError(WRONG)
        await self.limits.forgive("password", guesses)
        principal = Principal(known.user_id, known.role, session_id=uuid4())
        token = _new()
        await self.sessions.begin(
            (principal.session_id or uuid4(), known.user_id), _sha256(token), visitor, self.lifetime
        )
        return self._grant(principal, token, datetime.now(UTC) + self.lifetime)

    async def refresh(self, token: str, visitor: Visitor) -> Grant:
        """Return a new pair for a refresh token, which is good for nothing afterwards.

        Raises:
            UnauthenticatedError: it is not good any more. Where it was used before, its session
                has ended, and with it whatever was made of it.
        """
        following = _new()
        rotated = await self.sessions.rotate(_sha256(token), _sha256(following))
        if rotated is None:
            if ended := await self.sessions.end_if_replayed(_sha256(token), visitor):
                self.identity.forget()
                log.warning("a refresh token came back; session %s has ended", ended)
            raise UnauthenticatedError("the refresh token is not good any more; sign in again")
        principal = Principal(rotated.user_id, rotated.role, session_id=rotated.session_id)
        return self._grant(principal, following, rotated.expires_at)

    async def out(self, user_id: UUID, session_id: UUID | None = None) -> None:
        """End a session of a user, or all of them. Repeating it changes nothing."""
        await self.sessions.end(user_id, session_id)
        self.identity.forget()

    async def out_with(self, token: str) -> None:
        """End the session of a refresh token, used or not; not an error where there is none."""
        if holder := await self.sessions.holder(_sha256(token)):
            await self.out(*holder)

    def _grant(self, principal: Principal, token: str, until: datetime) -> Grant:
        return Grant(
            access_token=self.tokens.issue(principal),
            refresh_token=token,
            expires_in=int(self.tokens.lifetime.total_seconds()),
            refresh_expires_in=max(int((until - datetime.now(UTC)).total_seconds()), 0),
        )


def _new() -> str:
    return START + secrets.token_urlsafe(32)


def _sha256(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
