"""OpenAI's chat API as JSON: what is sent, what comes back, and what an error means."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import httpx2
from pydantic import BaseModel

from shared.errors import (
    PipelineError,
    RateLimitedError,
    RefusedError,
    TimedOutError,
    TooLongError,
    TransientError,
)
from shared.providers.llm.base import Completion, Prompt
from shared.vendors.openai.endpoint import delay

# Best first: the server keeps to the schema; to JSON; to nothing but what it is told.
JSON_FORMATS = ("json_schema", "json_object", "words")

# An account without credit answers 429 too, and will tomorrow.
_SPENT = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
# What servers answer to a response_format they do not know.
_FORMAT_STATUSES = (400, 404, 422, 500, 501)
_ABOUT_THE_FORMAT = re.compile(r"response.?format|json.?schema|json.?object|grammar|guided", re.I)
# Models that think aloud do so before they answer.
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>\s*", re.S)
_FENCE = re.compile(r"\A```(?:json)?\s*(.*?)\s*```\Z", re.S)


class FormatRefusedError(RefusedError):
    """The server does not know this way of asking for JSON."""


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class Answer(BaseModel):
    """A chat completion, as far as it matters."""

    choices: list[_Choice] = []
    model: str | None = None
    usage: _Usage | None = None


def body(model: str, prompt: Prompt, json_format: str = "") -> dict[str, Any]:
    """Return the request for `prompt`.

    No limit on output tokens: OpenAI and other servers call it differently, and those with a
    short context refuse one that is larger than what is left. No temperature: it is the model's.
    """
    system = prompt.system
    asked: dict[str, Any] = {}
    schema = dict(prompt.schema or {})
    if json_format == "json_schema":
        told = {"name": prompt.task, "schema": schema}
        asked["response_format"] = {"type": "json_schema", "json_schema": told}
    elif json_format:
        system += f"\n\nAnswer with one JSON object and nothing else. Its schema:\n{_json(schema)}"
        if json_format == "json_object":
            asked["response_format"] = {"type": "json_object"}
    messages = [{"role": "system", "content": system.strip()}] if system.strip() else []
    messages.append({"role": "user", "content": prompt.text})
    return {"model": model, "messages": messages, "stream": False, **asked}


def read(answer: Answer, asked: str, *, wasted: Sequence[Completion] = ()) -> Completion:
    """Return the text of `answer`.

    Args:
        answer: What the server said.
        asked: The model that was asked, where the answer does not name one.
        wasted: Earlier answers to the same question, unusable but paid for.

    Raises:
        RefusedError: the model will not write it, or it does not fit.
        TransientError: it is empty or unfinished; another try may do better.
    """
    if not answer.choices:
        raise TransientError("openai answered with no choices")
    choice = answer.choices[0]
    if choice.message.refusal or choice.finish_reason == "content_filter":
        raise RefusedError(f"openai refused: {choice.message.refusal or 'content filter'}"[:300])
    if choice.finish_reason == "length":
        raise TooLongError(
            "openai's answer does not fit: ask for less at once, or give the server more context"
        )
    if choice.finish_reason != "stop":
        raise TransientError(f"openai did not finish: {choice.finish_reason or 'no reason'}")
    text = _THOUGHTS.sub("", choice.message.content or "").strip()
    if not text:
        raise TransientError("openai answered with no text")
    fenced = _FENCE.match(text)
    usage = answer.usage or _Usage()
    return Completion(
        text=fenced[1] if fenced else text,
        model=answer.model or asked,
        input_tokens=(usage.prompt_tokens or 0) + sum(each.input_tokens for each in wasted),
        output_tokens=(usage.completion_tokens or 0) + sum(each.output_tokens for each in wasted),
    )


def is_json(text: str) -> bool:
    """Return whether `text` is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except json.JSONDecodeError:
        return False


def translate(response: httpx2.Response, secret: str) -> PipelineError:
    """Return what an error means for a job. `secret` never shows in the message."""
    error = _error(response)
    said = str(error.get("message") or response.text)
    hidden = said.replace(secret, "***") if secret else said
    message = f"openai {response.status_code}: {hidden[:300]}"
    if response.status_code == 429 and _SPENT.isdisjoint({error.get("code"), error.get("type")}):
        return RateLimitedError(message, retry_after=delay(response))
    if response.status_code in _FORMAT_STATUSES and _ABOUT_THE_FORMAT.search(said):
        return FormatRefusedError(message)
    if response.status_code in (408, 409, 425, 499) or response.status_code >= 500:
        late = response.status_code in (408, 504)
        return TimedOutError(message) if late else TransientError(message)
    too_long = response.status_code == 413 or error.get("code") == "context_length_exceeded"
    return TooLongError(message) if too_long else RefusedError(message)


def _error(response: httpx2.Response) -> Mapping[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    found = found.get("error", found) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {"message": found}


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)
