"""The Gemini client: one question, one answer, whichever key can serve it."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import httpx2
from google import genai
from google.genai import errors, types

from shared.providers.llm import _gemini_answer, _gemini_errors
from shared.providers.llm.base import Completion, Prompt
from shared.quota import Action, Lease, Pool, ProviderError, serve
from shared.quota.outcomes import CLIENT_TIMEOUT, GARBAGE, UNREACHABLE
from shared.quota.permission import check

# The most that current models write in one answer, thoughts included.
MAX_OUTPUT_TOKENS = 65_536
# An emulator may want no key, but the SDK wants one.
NO_KEY = "no-key"
BYTES_PER_TOKEN = 3

# What is added to a question whose answer was blocked. It is asked once more, and not again.
_MILDER = (
    "An earlier answer was withheld by a content filter. Answer so that a general audience may "
    "hear it: suggest what is harsh instead of showing it, and use wording of your own."
)

_Served: TypeAlias = tuple[types.GenerateContentResponse, Lease]

# Fiction needs room; what is plainly harmful is still refused.
_SAFETY = [
    types.SafetySetting(category=category, threshold=types.HarmBlockThreshold.BLOCK_ONLY_HIGH)
    for category in (
        types.HarmCategory.HARM_CATEGORY_HARASSMENT,
        types.HarmCategory.HARM_CATEGORY_HATE_SPEECH,
        types.HarmCategory.HARM_CATEGORY_SEXUALLY_EXPLICIT,
        types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
    )
]


class _Settings(Protocol):
    @property
    def gemini_base_url(self) -> str: ...
    @property
    def gemini_api_version(self) -> str: ...
    @property
    def gemini_thinking_level(self) -> str: ...
    @property
    def gemini_timeout_seconds(self) -> float: ...


class Gemini:
    """Writes with Gemini: with the keys of a pool, and the first model that serves."""

    name = "gemini"

    def __init__(self, settings: _Settings, models: Sequence[str], pool: Pool) -> None:
        self._models = tuple(models)
        # Every fingerprint names the model asked for, whichever answers.
        self.model = self._models[0]
        self._pool = pool
        self.setup = settings.gemini_thinking_level
        self._thinking_level = settings.gemini_thinking_level
        self._seconds = settings.gemini_timeout_seconds
        # Left alone, the SDK takes aiohttp wherever some other package brought it along, with
        # other timeout errors. The pool is wide because the quota decides what runs at once.
        limits = httpx2.Limits(max_connections=512, max_keepalive_connections=64)
        self._http = httpx2.AsyncClient(limits=limits)
        self._client = genai.Client(
            # The environment may say Vertex; a key would then be refused.
            vertexai=False,
            api_key="per-request",
            http_options=types.HttpOptions(
                base_url=settings.gemini_base_url or None,
                api_version=settings.gemini_api_version,
                timeout=int(self._seconds * 1000),
                httpx_async_client=self._http,
                # Retries are the runtime's: the SDK's own would hide a delay and ignore RetryInfo.
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt` with the first key and model that can serve."""
        first = await self._served(prompt, prompt.max_output_tokens)
        if not _gemini_answer.ran_out(first[0]) or prompt.max_output_tokens >= MAX_OUTPUT_TOKENS:
            return _read(first)
        # Thoughts count against the cap, so a long one may leave no room for the answer.
        second = await self._served(prompt, MAX_OUTPUT_TOKENS)
        return _read(second, wasted=first[0])

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()
        await self._http.aclose()
        await self._client.aio.aclose()
        self._client.close()

    async def _served(self, prompt: Prompt, max_output_tokens: int) -> _Served:
        async def ask(lease: Lease) -> _Served:
            response = await self._generate(prompt, lease, max_output_tokens)
            found = _gemini_answer.problem(response)
            if found is not None and found.verdict.action is Action.REWRITE:
                check()
                # With the same key: another would only be put at risk too.
                response = await self._generate(_milder(prompt), lease, max_output_tokens)
                found = _gemini_answer.problem(response)
            # Cut off is an answer too: the caller may have more room to give.
            if found is not None and not _gemini_answer.ran_out(response):
                raise found
            return response, lease

        return await serve(self._pool, ask, models=self._models, tokens=_tokens(prompt))

    async def _generate(
        self, prompt: Prompt, lease: Lease, max_output_tokens: int
    ) -> types.GenerateContentResponse:
        secret = lease.key.secret.get_secret_value()
        try:
            # The SDK's timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(self._seconds + 1):
                return await self._client.aio.models.generate_content(
                    model=lease.model,
                    contents=prompt.text,
                    config=self._config(prompt, secret or NO_KEY, max_output_tokens),
                )
        except errors.APIError as error:
            raise _gemini_errors.translate(error, secret=secret) from None
        except (TimeoutError, httpx2.TimeoutException):
            message = f"gemini: no answer in {self._seconds:g} s"
            raise ProviderError(CLIENT_TIMEOUT, message) from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise ProviderError(UNREACHABLE, f"gemini cannot be reached: {kind}") from None
        except (json.JSONDecodeError, errors.UnknownApiResponseError):
            raise ProviderError(GARBAGE, "gemini: the answer is not JSON") from None

    def _config(
        self, prompt: Prompt, secret: str, max_output_tokens: int
    ) -> types.GenerateContentConfig:
        asked: dict[str, Any] = {}
        if prompt.schema is not None:
            asked["response_mime_type"] = "application/json"
            asked["response_json_schema"] = dict(prompt.schema)
        if self._thinking_level:
            level = types.ThinkingLevel(self._thinking_level.upper())
            asked["thinking_config"] = types.ThinkingConfig(thinking_level=level)
        # No temperature, top_p or top_k: current models ignore them, coming ones answer 400.
        return types.GenerateContentConfig(
            system_instruction=prompt.system or None,
            max_output_tokens=max_output_tokens,
            safety_settings=_SAFETY,
            http_options=types.HttpOptions(
                headers={"x-goog-api-key": secret}, timeout=int(self._seconds * 1000)
            ),
            **asked,
        )


def _read(served: _Served, *, wasted: types.GenerateContentResponse | None = None) -> Completion:
    response, lease = served
    if (found := _gemini_answer.problem(response)) is not None:
        raise found.for_the_runtime()
    return _gemini_answer.read(response, asked=lease.model, domain=lease.project, wasted=wasted)


def _milder(prompt: Prompt) -> Prompt:
    return replace(prompt, system=f"{prompt.system}\n\n{_MILDER}".strip())


def _tokens(prompt: Prompt) -> int:
    """Return about what the prompt counts for: never less than it will, in most languages."""
    return len(f"{prompt.system}{prompt.text}".encode()) // BYTES_PER_TOKEN + 1
