"""The Gemini client: one question, one answer, whichever key can serve it."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeAlias

from google.genai import types

from shared.providers.llm import _gemini_again, _gemini_answer
from shared.providers.llm.base import Completion, Prompt
from shared.quota import Lease, Pool, serve
from shared.vendors.gemini.connection import Connection, answered, options, tokens

# The most that current models write in one answer, thoughts included.
MAX_OUTPUT_TOKENS = 65_536

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
        self._version = settings.gemini_api_version
        self._connection = Connection(settings.gemini_base_url)

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
        await self._connection.aclose()

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
        size = tokens(f"{prompt.system}{prompt.text}")
        return await serve(self._pool, ask, models=self._models, tokens=size, again=may_again)

    async def _generate(
        self, prompt: Prompt, lease: Lease, max_output_tokens: int
    ) -> types.GenerateContentResponse:
        seconds = self._seconds * lease.patience
        async with answered(lease.key.secret.get_secret_value(), seconds=seconds):
            return await self._connection.sdk.models.generate_content(
                model=lease.model,
                contents=prompt.text,
                config=self._config(prompt, lease, max_output_tokens, seconds),
            )

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
            http_options=options(
                lease.key.secret.get_secret_value(), version=self._version, seconds=seconds
            ),
            **asked,
        )


def _read(served: _Served, wasted: Sequence[_Response]) -> Completion:
    response, lease = served
    if (found := _gemini_answer.problem(response)) is not None:
        raise found.for_the_runtime()
    return _gemini_answer.read(response, asked=lease.model, domain=lease.project, wasted=wasted)
