"""Any server that speaks OpenAI's chat API: OpenAI itself, Ollama, vLLM, LM Studio, LocalAI.

One endpoint is all it takes, so it is asked with `httpx2` and no SDK: the official client adds
retries and defaults that would have to be switched off, and a second of start-up. Examples:
`OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_MODEL=qwen3:14b` is Ollama,
`http://localhost:8000/v1` vLLM, `http://localhost:1234/v1` LM Studio.
"""

import asyncio
import json
from typing import Any

import httpx2
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from shared.errors import InvalidRequestError, TimedOutError, TransientError
from shared.providers.llm import _openai_wire as wire
from shared.providers.llm.base import Completion, LanguageModel, Prompt
from shared.quota import LONGER
from shared.settings import BaseSettings

_CONNECT_SECONDS = 10.0


class Settings(BaseSettings):
    """What an OpenAI-compatible server can be told from outside."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True)

    openai_base_url: str = Field(
        default="https://api.openai.com/v1",
        description="OpenAI-compatible server, up to and with `/v1`.",
    )
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), description="Its key; servers of your own mostly want none."
    )
    openai_model: str = Field(
        default="", description="The model that writes there; empty: not used for writing."
    )
    openai_timeout_seconds: float = Field(
        default=300.0, gt=0, description="How long one answer may take; a laptop needs long."
    )


class OpenAI:
    """Writes with whatever model the server has."""

    name = "openai"

    def __init__(self, settings: Settings) -> None:
        self.model = settings.openai_model
        # Another server is another model, whatever it calls it.
        self.setup = settings.openai_base_url.rstrip("/")
        self._url = f"{settings.openai_base_url.rstrip('/')}/chat/completions"
        self._secret = settings.openai_api_key.get_secret_value()
        self._seconds = settings.openai_timeout_seconds
        # What the server knows of answers in JSON; it is asked for less once it refused more.
        self._json = list(wire.JSON_FORMATS)
        self._http = httpx2.AsyncClient(
            headers={"Authorization": f"Bearer {self._secret}"} if self._secret else {},
            limits=httpx2.Limits(max_connections=512, max_keepalive_connections=64),
        )

    async def complete(self, prompt: Prompt) -> Completion:
        """Answer `prompt`; in JSON by whichever means the server has for it."""
        if prompt.schema is None:
            return wire.read(await self._post(wire.body(self.model, prompt)), self.model)
        wasted: list[Completion] = []
        for choice in tuple(self._json):
            last = choice == self._json[-1]
            try:
                answer = await self._post(wire.body(self.model, prompt, choice))
            except wire.FormatRefusedError:
                if last:
                    raise
                self._forget(choice)
                continue
            completion = wire.read(answer, self.model, wasted=wasted)
            if wire.is_json(completion.text):
                return completion
            # It took the schema and ignored it: the next means may do better, this time.
            wasted = [completion]
        raise TransientError("openai: the answer is not the JSON asked for")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    def _forget(self, choice: str) -> None:
        # Another call may have learnt it at the same time.
        if choice in self._json:
            self._json.remove(choice)

    async def _post(self, body: dict[str, Any]) -> wire.Answer:
        try:
            return await self._posted(body, self._seconds)
        except TimedOutError:
            # Once more, with time enough; what then is late would be late again.
            return await self._posted(body, LONGER * self._seconds)

    async def _posted(self, body: dict[str, Any], seconds: float) -> wire.Answer:
        timeout = httpx2.Timeout(seconds, connect=_CONNECT_SECONDS)
        try:
            # The client's own timeout is per read: a trickling answer would never reach it.
            async with asyncio.timeout(seconds + 1):
                response = await self._http.post(self._url, json=body, timeout=timeout)
        except (TimeoutError, httpx2.TimeoutException):
            raise TimedOutError(f"openai: no answer in {seconds:g} s") from None
        except httpx2.HTTPError as error:
            kind = type(error).__name__
            raise TransientError(f"openai cannot be reached: {kind}") from None
        if response.is_error:
            raise wire.translate(response, secret=self._secret)
        try:
            return wire.Answer.model_validate_json(response.content)
        except (ValidationError, json.JSONDecodeError):
            raise TransientError("openai: the answer is not a chat completion") from None


def model() -> str:
    return Settings().openai_model


def configured() -> bool:
    """Return whether a model is named; its server may need no key."""
    return bool(Settings().openai_model)


def create() -> LanguageModel:
    settings = Settings()
    if not settings.openai_model:
        raise InvalidRequestError("OPENAI_MODEL is empty: name the model that should write")
    return OpenAI(settings)
