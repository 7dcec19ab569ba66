"""One address of such a server: a body is posted, and what comes back is an answer or an error."""

import asyncio
from collections.abc import Callable

import httpx2

from shared.errors import PipelineError, TimedOutError, TransientError
from shared.quota import LONGER

CONNECT_SECONDS = 10.0
# Where a limit names no delay. Limits are counted per minute, so half of one is a fair guess.
DEFAULT_DELAY = 30.0


class Endpoint:
    """Posts, with a key where there is one.

    Args:
        url: Where.
        secret: The key; empty for a server that wants none.
        seconds: How long an answer may take.
        answer: What it is called where it does not come.
        translate: Says what an error means for a job.
    """

    def __init__(
        self,
        url: str,
        *,
        secret: str,
        seconds: float,
        answer: str,
        translate: Callable[[httpx2.Response, str], PipelineError],
    ) -> None:
        self._url = url
        self._secret = secret
        self._seconds = seconds
        self._answer = answer
        self._translate = translate
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {secret}"} if secret else {},
            limits=httpx2.Limits(max_connections=512, max_keepalive_connections=64),
        )

    async def post(self, body: dict[str, object]) -> bytes:
        """Return what is answered to `body`.

        Raises:
            PipelineError: Nothing is, or an error.
        """
        try:
            return await self._posted(body, self._seconds)
        except TimedOutError:
            # Once more, with time enough; what then is late would be late again.
            return await self._posted(body, LONGER * self._seconds)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _posted(self, body: dict[str, object], seconds: float) -> bytes:
        timeout = httpx2.Timeout(seconds, connect=CONNECT_SECONDS)
        try:
            # The client's own timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(seconds + 1):
                response = await self._http.post(self._url, json=body, timeout=timeout)
        except (TimeoutError, httpx2.TimeoutException):
            raise TimedOutError(f"openai: no {self._answer} in {seconds:g} s") from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise TransientError(f"openai cannot be reached: {kind}") from None
        if response.is_error:
            raise self._translate(response, self._secret)
        return response.content


def delay(response: httpx2.Response) -> float:
    """Return how long a limit asks to wait."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return float(response.headers[name]) * scale
        except (KeyError, ValueError):
            continue
    return DEFAULT_DELAY
