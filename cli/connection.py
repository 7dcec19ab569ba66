"""One connection to the API: who asks, what may be repeated, what went wrong."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

import httpx2

from cli.errors import ApiError, UnreachableError
from cli.tokens import InMemory, Keeper, Tokens

Json = dict[str, Any]

TRIES = 6
UNAUTHENTICATED = 401
SERVICE_UNAVAILABLE = 503


class Connection:
    """One user at one API. An async context.

    Where an access token has expired, the next one is got with the refresh token.

    Args:
        url: Where the API is.
        token: An access token, or an API key.
        keeper: Where the tokens of a session are kept, instead of with this client.
    """

    def __init__(self, url: str, *, token: str | None = None, keeper: Keeper | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
        self._keeper = keeper or InMemory(Tokens(access=token))
        self._renewing = asyncio.Lock()
        self._http = httpx2.AsyncClient(base_url=self.url, timeout=httpx2.Timeout(30.0, read=120.0))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self._http.aclose()

    async def _pages(self, path: str, filters: dict[str, str]) -> AsyncIterator[Json]:
        params: Json = {"limit": 200, **filters}
        while True:
            page = await self._json("GET", path, params=params)
            for item in page["items"]:
                yield item
            if not page.get("next_cursor"):
                return
            params["cursor"] = page["next_cursor"]

    async def _json(self, method: str, path: str, **request: Any) -> Json:
        given, used = request.pop("headers", {}), self.token
        answer = await self._answer(method, path, headers={**self._who(), **given}, **request)
        if answer.status_code == UNAUTHENTICATED and await self._renewed(used):
            answer = await self._answer(method, path, headers={**self._who(), **given}, **request)
        if answer.is_error:
            raise problem_of(answer)
        found: Json = answer.json() if answer.content else {}
        return found

    async def _answer(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        repeatable: bool = False,
        **request: Any,
    ) -> httpx2.Response:
        # What may be repeated is: a gateway that restarts is away for a few seconds.
        repeatable = repeatable or method == "GET" or "Idempotency-Key" in headers
        tries = TRIES if repeatable else 1
        for again in range(1, tries + 1):
            try:
                answer = await self._http.request(method, path, headers=headers, **request)
            except httpx2.TransportError as error:
                if again == tries:
                    raise UnreachableError(f"{self.url} did not answer: {error}") from error
            else:
                if answer.status_code != SERVICE_UNAVAILABLE or again == tries:
                    return answer
            await asyncio.sleep(0.2 * 2**again)
        raise AssertionError("the last try returns or raises")

    async def _renewed(self, used: str | None) -> bool:
        """Return whether there is another access token than the one that was `used`."""
        if used is None:
            return False
        async with self._renewing:
            if self.token == used:
                async with self._keeper.turn() as kept:
                    await self._renew(kept, used)
            return self.token is not None and self.token != used

    async def _renew(self, kept: Keeper, used: str) -> None:
        found = kept.read()
        if found.access and found.access != used:
            # Another command was here first, and its refresh token is the one that is good.
            self.token = found.access
            return
        if found.refresh is None:
            return
        body = {"refresh_token": found.refresh}
        answer = await self._answer("POST", "/v1/auth/refresh", headers={}, json=body)
        if answer.status_code == UNAUTHENTICATED:
            kept.write(Tokens())
        elif not answer.is_error:
            kept.write(Tokens.of(answer.json()))
            self.token = kept.read().access

    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def problem_of(answer: httpx2.Response) -> ApiError:
    """Return what the API said was wrong."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.text[:500]}
    return ApiError(answer.status_code, problem if isinstance(problem, dict) else {})
