"""Any server that speaks OpenAI's chat API: OpenAI itself, Ollama, vLLM, LM Studio, LocalAI.

One endpoint is all it takes, so it is asked with `httpx2` and no SDK: the official client adds
retries and defaults that would have to be switched off, and a second of start-up. Examples:
`OPENAI_BASE_URL=http://localhost:11434/v1 OPENAI_MODEL=qwen3:14b` is Ollama,
`http://localhost:8000/v1` vLLM, `http://localhost:1234/v1` LM Studio.
"""

import json
from typing import Any

from pydantic import Field, ValidationError

from shared.errors import InvalidRequestError, TransientError
from shared.providers.llm import _openai_wire as wire
from shared.providers.llm.base import Completion, LanguageModel, Prompt
from shared.vendors.openai.endpoint import Endpoint
from shared.vendors.openai.settings import OpenAISettings


class Settings(OpenAISettings):
    """What an OpenAI-compatible server can be told from outside."""

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
        # What the server knows of answers in JSON; it is asked for less once it refused more.
        self._json = list(wire.JSON_FORMATS)
        self._endpoint = Endpoint(
            f"{self.setup}/chat/completions",
            secret=settings.openai_api_key.get_secret_value(),
            seconds=settings.openai_timeout_seconds,
            answer="answer",
            translate=wire.translate,
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
        await self._endpoint.aclose()

    def _forget(self, choice: str) -> None:
        # Another call may have learnt it at the same time.
        if choice in self._json:
            self._json.remove(choice)

    async def _post(self, body: dict[str, Any]) -> wire.Answer:
        answer = await self._endpoint.post(body)
        try:
            return wire.Answer.model_validate_json(answer)
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
