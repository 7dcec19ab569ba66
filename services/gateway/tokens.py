"""Access tokens: JWTs that say who asks, for a quarter of an hour."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

import jwt

from services.gateway.errors import UnauthenticatedError

ALGORITHM = "HS256"
ISSUER = "bolt-ia"
AUDIENCE = "bolt-ia-api"
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    user_id: UUID
    role: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the principal written as "<user id> <role>"."""
        user_id, role = text.split()
        return cls(UUID(user_id), role)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and reads access tokens.

    Attributes:
        secret: What signs them.
        lifetime: How long they are good for.
    """

    secret: str
    lifetime: timedelta

    @property
    def key_id(self) -> str:
        """Return the name of the secret, which does not tell the secret."""
        return hashlib.sha256(b"kid:" + self.secret.encode()).hexdigest()[:16]

    def issue(self, principal: Principal, *, now: datetime | None = None) -> str:
        """Return a token for `principal`."""
        issued = now or datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(principal.user_id),
            "role": principal.role,
            "iat": issued,
            "exp": issued + self.lifetime,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, self.secret, ALGORITHM, headers={"kid": self.key_id})

    def read(self, token: str) -> Principal:
        """Return who `token` speaks for.

        Raises:
            UnauthenticatedError: it is not ours, not for us, or past its time.
        """
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                options={"require": REQUIRED},
            )
            return Principal(UUID(claims["sub"]), str(claims.get("role", "user")))
        except jwt.ExpiredSignatureError as error:
            raise UnauthenticatedError("the access token has expired; get a new one") from error
        except (jwt.InvalidTokenError, ValueError) as error:
            raise UnauthenticatedError("the access token is not valid; get a new one") from error
