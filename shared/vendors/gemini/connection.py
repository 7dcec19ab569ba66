"""One connection for every key: the key travels in a header of each request."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from google import genai
from google.genai import client, errors, types

from shared.quota import ProviderError
from shared.quota.outcomes import CLIENT_TIMEOUT, GARBAGE, UNREACHABLE
from shared.vendors.gemini.failures import translate

# An emulator may want no key, but the SDK wants one.
NO_KEY = "no-key"
BYTES_PER_TOKEN = 3


class Connection:
    """The SDK's client, without what it would do by itself."""

    def __init__(self, base_url: str) -> None:
        # Left alone, the SDK takes aiohttp wherever some other package brought it along, with
        # other timeout errors. The pool is wide because the quota decides what runs at once.
        limits = httpx2.Limits(max_connections=512, max_keepalive_connections=64)
        self._http = httpx2.AsyncClient(limits=limits)
        self._client = genai.Client(
            # The environment may say Vertex; a key would then be refused.
            vertexai=False,
            api_key="per-request",
            http_options=types.HttpOptions(
                base_url=base_url or None,
                httpx_async_client=self._http,
                # Retries are the runtime's: the SDK's own would hide a delay and ignore RetryInfo.
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )

    @property
    def sdk(self) -> client.AsyncClient:
        """Return what asks."""
        return self._client.aio

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
        await self._client.aio.aclose()
        self._client.close()


def options(secret: str, *, version: str, seconds: float) -> types.HttpOptions:
    """Return how one request travels."""
    return types.HttpOptions(
        api_version=version,
        headers={"x-goog-api-key": secret or NO_KEY},
        timeout=int(seconds * 1000),
    )


@asynccontextmanager
async def answered(secret: str, *, seconds: float) -> AsyncIterator[None]:
    """Give one answer `seconds`, and say in the pool's words why there is none.

    Raises:
        ProviderError: There is none.
    """
    try:
        # The SDK's timeout is per read: a trickling answer would never reach it.
        async with asyncio.timeout(seconds + 1):
            yield
    except errors.APIError as error:
        raise translate(error, secret=secret) from None
    except (TimeoutError, httpx2.TimeoutException):
        message = f"gemini: no answer in {seconds:g} s"
        raise ProviderError(CLIENT_TIMEOUT, message) from None
    except httpx2.HTTPError as error:
        kind = type(error).__name__
        raise ProviderError(UNREACHABLE, f"gemini cannot be reached: {kind}") from None
    except (json.JSONDecodeError, errors.UnknownApiResponseError):
        raise ProviderError(GARBAGE, "gemini: the answer is not JSON") from None


def tokens(text: str) -> int:
    """Return about what `text` counts for: never less than it will, in most languages."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1
