"""The part of the client that is about who one is: sessions, and keys of one's own programs."""

from collections.abc import Sequence

from cli.connection import UNAUTHENTICATED, Connection, Json
from cli.errors import ApiError
from cli.tokens import Tokens


class AccountsClient(Connection):
    """Accounts, sessions, and API keys."""

    async def register(self, email: str, password: str) -> Json:
        """Make an account."""
        return await self._json(
            "POST", "/v1/auth/register", json={"email": email, "password": password}
        )

    async def sign_in(self, email: str, password: str) -> str:
        """Sign in, and return the access token that is used from now on, and renewed."""
        form = {"username": email, "password": password}
        # A wrong password is no reason to renew what was there before.
        self.token = None
        answer = await self._json("POST", "/v1/auth/token", data=form, repeatable=True)
        tokens = Tokens.of(answer)
        async with self._keeper.turn() as kept:
            kept.write(tokens)
        self.token = tokens.access
        return str(self.token)

    async def sign_out(self, *, everywhere: bool = False) -> None:
        """End this session, or all of yours; one that has ended already is no mistake."""
        try:
            await self._json("POST", "/v1/auth/logout", params={"everywhere": everywhere})
        except ApiError as error:
            if error.status != UNAUTHENTICATED:
                raise
        finally:
            # Even where the API is away: who leaves a machine leaves nothing on it.
            async with self._keeper.turn() as kept:
                kept.write(Tokens())
            self.token = None

    async def api_keys(self) -> list[Json]:
        """Return your API keys, by how they begin."""
        answer = await self._json("GET", "/v1/me/api-keys")
        return list(answer["items"])

    async def create_api_key(
        self,
        name: str,
        *,
        scopes: Sequence[str] = ("read", "write"),
        expires_in_days: int | None = None,
    ) -> Json:
        """Make a key for a program; `key` is in this answer, and in no other."""
        body = {"name": name, "scopes": list(scopes), "expires_in_days": expires_in_days}
        return await self._json("POST", "/v1/me/api-keys", json=body)

    async def revoke_api_key(self, key_id: str) -> None:
        """Make a key worthless."""
        await self._json("DELETE", f"/v1/me/api-keys/{key_id}")
