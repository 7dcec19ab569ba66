"""One connection to the API: who asks, what may be repeated, what went wrong."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Self

import httpx2

from cli.errors import ApiError, UnreachableError

Json = dict[str, Any]

TRIES = 6
SERVICE_UNAVAILABLE = 503


class Connection:
    """One user at one API. An async context."""

    def __init__(self, url: str, *, token: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.token = token
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
        headers = {**self._who(), **request.pop("headers", {})}
        answer = await self._answer(method, path, headers=headers, **request)
        if answer.is_error:
            raise problem_of(answer)
        found: Json = answer.json() if answer.content else {}
        return found

    async def _answer(
        self, method: str, path: str, *, headers: dict[str, str], **request: Any
    ) -> httpx2.Response:
        # What may be repeated is: a gateway that restarts is away for a few seconds.
        tries = TRIES if method == "GET" or "Idempotency-Key" in headers else 1
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

    def _who(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def problem_of(answer: httpx2.Response) -> ApiError:
    """Return what the API said was wrong."""
    try:
        problem = answer.json()
    except ValueError:
        problem = {"detail": answer.text[:500]}
    return ApiError(answer.status_code, problem if isinstance(problem, dict) else {})
