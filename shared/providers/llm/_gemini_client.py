"""The Gemini client: one question, one answer, whichever key can serve it."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

import httpx2
from google import genai
from google.genai import errors, types

from shared.providers.llm import _gemini_again, _gemini_answer, _gemini_errors
from shared.providers.llm.base import Completion, Prompt
from shared.quota import Lease, Pool, ProviderError, serve
from shared.quota.outcomes import CLIENT_TIMEOUT, GARBAGE, UNREACHABLE

# The most that current models write in one answer, thoughts included.
MAX_OUTPUT_TOKENS = 65_536
# An emulator may want no key, but the SDK wants one.
NO_KEY = "no-key"
BYTES_PER_TOKEN = 3

_Response: TypeAlias = types.GenerateContentResponse
_Served: TypeAlias = tuple[_Response, Lease]

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
        wasted: list[_Response] = []
        served = await self._served(prompt, prompt.max_output_tokens, wasted)
        if _gemini_answer.ran_out(served[0]) and prompt.max_output_tokens < MAX_OUTPUT_TOKENS:
            # Thoughts count against the cap, so a long one may leave no room for the answer.
            wasted.append(served[0])
            served = await self._served(prompt, MAX_OUTPUT_TOKENS, wasted)
        return _read(served, wasted)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()
        await self._http.aclose()
        await self._client.aio.aclose()
        self._client.close()

    async def _served(
        self, prompt: Prompt, max_output_tokens: int, wasted: list[_Response]
    ) -> _Served:
        async def ask(lease: Lease) -> _Served:
            response = await self._generate(prompt, lease, max_output_tokens)
            found = _gemini_answer.problem(response)
            # Cut off is an answer too: the caller may have more room to give.
            if found is None or _gemini_answer.ran_out(response):
                return response, lease
            wasted.append(response)
            raise found

        may_again = _gemini_again.may(self._thinking_level)
        return await serve(
            self._pool, ask, models=self._models, tokens=_tokens(prompt), again=may_again
        )

    async def _generate(
        self, prompt: Prompt, lease: Lease, max_output_tokens: int
    ) -> types.GenerateContentResponse:
        secret = lease.key.secret.get_secret_value()
        seconds = self._seconds * lease.patience
        try:
            # The SDK's timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(seconds + 1):
                return await self._client.aio.models.generate_content(
                    model=lease.model,
                    contents=prompt.text,
                    config=self._config(prompt, lease, max_output_tokens, seconds),
                )
        except errors.APIError as error:
            raise _gemini_errors.translate(error, secret=secret) from None
        except (TimeoutError, httpx2.TimeoutException):
            message = f"gemini: no answer in {seconds:g} s"
            raise ProviderError(CLIENT_TIMEOUT, message) from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise ProviderError(UNREACHABLE, f"gemini cannot be reached: {kind}") from None
        except (json.JSONDecodeError, errors.UnknownApiResponseError):
            raise ProviderError(GARBAGE, "gemini: the answer is not JSON") from None

    def _config(
        self, prompt: Prompt, lease: Lease, max_output_tokens: int, seconds: float
    ) -> types.GenerateContentConfig:
        asked: dict[str, Any] = {}
        if prompt.schema is not None:
            asked["response_mime_type"] = "application/json"
            asked["response_json_schema"] = dict(prompt.schema)
        if level := _gemini_again.thinking(self._thinking_level, lease.said):
            thinking = types.ThinkingLevel(level.upper())
            asked["thinking_config"] = types.ThinkingConfig(thinking_level=thinking)
        if seed := _gemini_again.seed(lease.said):
            asked["seed"] = seed
        # No temperature, top_p or top_k: current models ignore them, coming ones answer 400.
        return types.GenerateContentConfig(
            system_instruction=_gemini_again.reworded(prompt.system, lease.said) or None,
            max_output_tokens=max_output_tokens,
            safety_settings=_SAFETY,
            http_options=types.HttpOptions(
                headers={"x-goog-api-key": lease.key.secret.get_secret_value() or NO_KEY},
                timeout=int(seconds * 1000),
            ),
            **asked,
        )


def _read(served: _Served, wasted: Sequence[_Response]) -> Completion:
    response, lease = served
    if (found := _gemini_answer.problem(response)) is not None:
        raise found.for_the_runtime()
    return _gemini_answer.read(response, asked=lease.model, domain=lease.project, wasted=wasted)


def _tokens(prompt: Prompt) -> int:
    """Return about what the prompt counts for: never less than it will, in most languages."""
    return len(f"{prompt.system}{prompt.text}".encode()) // BYTES_PER_TOKEN + 1
