"""The Gemini client: one question, one answer, whichever key can serve it."""

import asyncio
import json
from typing import Any, Protocol

import httpx2
from google import genai
from google.genai import errors, types
from pydantic import SecretStr

from shared.errors import PipelineError, RateLimitedError, RefusedError, TransientError
from shared.providers.llm import _gemini_answer, _gemini_errors
from shared.providers.llm._gemini_errors import KeyRefusedError
from shared.providers.llm.base import Completion, Prompt

# The most that current models write in one answer, thoughts included.
MAX_OUTPUT_TOKENS = 65_536

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


class _Key(Protocol):
    @property
    def project(self) -> str: ...
    @property
    def secret(self) -> SecretStr: ...


class _Settings(Protocol):
    @property
    def gemini_base_url(self) -> str: ...
    @property
    def gemini_api_version(self) -> str: ...
    @property
    def gemini_model(self) -> str: ...
    @property
    def gemini_thinking_level(self) -> str: ...
    @property
    def gemini_timeout_seconds(self) -> float: ...


class Gemini:
    """Writes with Gemini. Keys take turns; what one project cannot serve, another may."""

    name = "gemini"

    def __init__(self, settings: _Settings, keys: tuple[_Key, ...]) -> None:
        self.model = settings.gemini_model
        self._thinking_level = settings.gemini_thinking_level
        self._seconds = settings.gemini_timeout_seconds
        self._keys = keys
        self._turn = 0
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
        """Answer `prompt` with the next key; with the others where that key cannot serve."""
        refusals: list[PipelineError] = []
        closed: set[str] = set()
        for key in self._in_turn():
            if key.project and key.project in closed:
                continue
            try:
                return await self._ask(prompt, key)
            except (RateLimitedError, KeyRefusedError) as error:
                refusals.append(error)
                closed |= {key.project}
        raise _kindest(refusals)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()
        await self._client.aio.aclose()
        self._client.close()

    def _in_turn(self) -> tuple[_Key, ...]:
        start = self._turn % len(self._keys)
        self._turn += 1
        return self._keys[start:] + self._keys[:start]

    async def _ask(self, prompt: Prompt, key: _Key) -> Completion:
        first = await self._generate(prompt, key, prompt.max_output_tokens)
        if not _gemini_answer.ran_out(first) or prompt.max_output_tokens >= MAX_OUTPUT_TOKENS:
            return _gemini_answer.read(first, asked=self.model)
        # Thoughts count against the cap, so a long one may leave no room for the answer.
        second = await self._generate(prompt, key, MAX_OUTPUT_TOKENS)
        return _gemini_answer.read(second, asked=self.model, wasted=first)

    async def _generate(
        self, prompt: Prompt, key: _Key, max_output_tokens: int
    ) -> types.GenerateContentResponse:
        secret = key.secret.get_secret_value()
        try:
            # The SDK's timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(self._seconds + 1):
                return await self._client.aio.models.generate_content(
                    model=self.model,
                    contents=prompt.text,
                    config=self._config(prompt, secret, max_output_tokens),
                )
        except errors.APIError as error:
            raise _gemini_errors.translate(error, secret=secret) from None
        except TimeoutError:
            raise TransientError(f"gemini: no answer in {self._seconds:g} s") from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise TransientError(f"gemini cannot be reached: {kind}") from None
        except (json.JSONDecodeError, errors.UnknownApiResponseError):
            raise TransientError("gemini: the answer is not JSON") from None

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


def _kindest(refusals: list[PipelineError]) -> PipelineError:
    limited = [error for error in refusals if isinstance(error, RateLimitedError)]
    if limited:
        return min(limited, key=lambda error: error.retry_after)
    return RefusedError("; ".join(dict.fromkeys(map(str, refusals))))
