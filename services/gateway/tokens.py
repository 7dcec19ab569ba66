"""Access tokens: JWTs that say who signed in, for a quarter of an hour (RFC 9068)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from services.gateway.errors import UnauthenticatedError
from services.gateway.principals import Principal

__all__ = ["Claims", "Principal", "Tokens"]

ALGORITHM = "HS256"
ISSUER = "bolt-ia"
AUDIENCE = "bolt-ia-api"
# Whatever else is ever signed with the same secret is no access token.
TYPE = "at+jwt"
REQUIRED = ["exp", "iat", "iss", "aud", "sub", "sid"]
# Clocks of two machines differ a little.
LEEWAY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says. Whether it still holds, the session tells."""

    user_id: UUID
    session_id: UUID


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
        """Return a token for `principal`, who has signed in."""
        issued = now or datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(principal.user_id),
            "sid": str(principal.session_id),
            # For who shows a page by it; what somebody may do is asked of the database.
            "role": principal.role,
            "iat": issued,
            "exp": issued + self.lifetime,
            "jti": str(uuid4()),
        }
        headers = {"kid": self.key_id, "typ": TYPE}
        return jwt.encode(claims, self.secret, ALGORITHM, headers=headers)

    def read(self, token: str) -> Claims:
        """Return what `token` says.

        Raises:
            UnauthenticatedError: it is not ours, not for us, no access token, or past its time.
        """
        try:
            read = jwt.decode_complete(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                audience=AUDIENCE,
                leeway=LEEWAY,
                options={"require": REQUIRED},
            )
            _check_type(read["header"])
            return Claims(UUID(read["payload"]["sub"]), UUID(read["payload"]["sid"]))
        except jwt.ExpiredSignatureError as error:
            raise UnauthenticatedError("the access token has expired; get a new one") from error
        except (jwt.InvalidTokenError, ValueError) as error:
            raise UnauthenticatedError("the access token is not valid; get a new one") from error


def _check_type(header: dict[str, object]) -> None:
    if header.get("typ") != TYPE:
        raise jwt.InvalidTokenError("not an access token")
