"""The client of Gemini's speech models: one text, one answer, whichever key can serve it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
from google import genai
from google.genai import errors, types

from shared.catalogue import Voice
from shared.providers.tts import _gemini_wire as wire
from shared.providers.tts.base import Capabilities, Speech
from shared.quota import Lease, Pool, ProviderError, serve
from shared.quota.outcomes import CLIENT_TIMEOUT, GARBAGE, UNREACHABLE

# About four minutes of speech, of the eleven that one answer holds; longer texts drift.
MAX_BYTES = 3_500

# An emulator may want no key, but the SDK wants one.
NO_KEY = "no-key"
BYTES_PER_TOKEN = 3


class Gemini:
    """Gemini's voices, with the keys of a pool."""

    name = "gemini"

    def __init__(self, pool: Pool, *, base_url: str, api_version: str, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._version = api_version
        # The pool of connections is wide because the quota decides what runs at once.
        limits = httpx2.Limits(max_connections=512, max_keepalive_connections=64)
        self._http = httpx2.AsyncClient(limits=limits)
        self._client = genai.Client(
            # The environment may say Vertex; a key would then be refused.
            vertexai=False,
            api_key="per-request",
            http_options=types.HttpOptions(
                base_url=base_url or None,
                httpx_async_client=self._http,
                # Retries are the runtime's: the SDK's own would hide a delay.
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )

    def capabilities(self, voice: Voice) -> Capabilities:
        return Capabilities(
            max_bytes=MAX_BYTES,
            concurrency=8,
            style=wire.takes_style(voice.model),
            formats=("wav",) if wire.takes_style(voice.model) else ("pcm",),
        )

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,  # noqa: ARG002 - it has no such dial
        pitch: float = 0.0,  # noqa: ARG002 - nor this one
        style: str = "",
    ) -> Speech:
        contents = wire.contents(text, voice, style)

        async def call(lease: Lease) -> Speech:
            answer = await self._asked(contents, voice, lease)
            # Minutes of samples take a while to unpack.
            return await asyncio.to_thread(wire.speech, answer, voice.model, lease.project)

        tokens = len(text.encode()) // BYTES_PER_TOKEN + 1
        return await serve(self._pool, call, models=[voice.model], tokens=tokens)

    async def aclose(self) -> None:
        await self._pool.aclose()
        await self._http.aclose()
        await self._client.aio.aclose()
        self._client.close()

    async def _asked(
        self, contents: types.Content, voice: Voice, lease: Lease
    ) -> types.GenerateContentResponse:
        try:
            return await self._generate(contents, voice, lease, self._version)
        except ProviderError as error:
            # Where v1 has not learnt of speech yet, v1beta has.
            if self._version == wire.BETA or not wire.is_unknown_field(error):
                raise
        answer = await self._generate(contents, voice, lease, wire.BETA)
        self._version = wire.BETA
        return answer

    async def check(self, secret: str) -> None:
        # The list of models: free, and the least there is to ask.
        with _translated(secret, self._seconds):
            async with asyncio.timeout(self._seconds + 1):
                options = self._options(secret, self._version, self._seconds)
                config = types.ListModelsConfig(page_size=1, http_options=options)
                await self._client.aio.models.list(config=config)

    async def _generate(
        self, contents: types.Content, voice: Voice, lease: Lease, version: str
    ) -> types.GenerateContentResponse:
        secret = lease.key.secret.get_secret_value()
        seconds = self._seconds * lease.patience
        config = wire.config(voice, self._options(secret, version, seconds))
        with _translated(secret, seconds):
            # The SDK's timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(seconds + 1):
                return await self._client.aio.models.generate_content(
                    model=voice.model, contents=contents, config=config
                )

    def _options(self, secret: str, version: str, seconds: float) -> types.HttpOptions:
        return types.HttpOptions(
            api_version=version,
            headers={"x-goog-api-key": secret or NO_KEY},
            timeout=int(seconds * 1000),
        )


@contextmanager
def _translated(secret: str, seconds: float) -> Iterator[None]:
    try:
        yield
    except errors.APIError as error:
        raise wire.failure(error, secret=secret) from None
    except (TimeoutError, httpx2.TimeoutException):
        message = f"gemini: no answer in {seconds:g} s"
        raise ProviderError(CLIENT_TIMEOUT, message) from None
    except httpx2.HTTPError as error:
        kind = type(error).__name__
        raise ProviderError(UNREACHABLE, f"gemini cannot be reached: {kind}") from None
    except (json.JSONDecodeError, errors.UnknownApiResponseError):
        raise ProviderError(GARBAGE, "gemini: the answer is not JSON") from None
