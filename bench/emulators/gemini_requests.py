"""What a request to Gemini says, in camelCase, snake_case or both."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.emulators.calls import fingerprint

_MOST_TOKENS = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request that has been read.

    Attributes:
        text: Of all contents; `system` is the system instruction.
        schema: What the answer must validate against.
        json: Whether it must be JSON.
        audio: Whether it must be heard; `voice` and `language` by whom, and in what.
    """

    model: str
    text: str
    system: str
    fingerprint: str
    schema: Mapping[str, Any] | None = None
    json: bool = False
    audio: bool = False
    voice: str = ""
    language: str = ""
    max_output_tokens: int = _MOST_TOKENS


class MalformedError(ValueError):
    """The request is one that Gemini refuses; the message says why."""


def read(model: str, body: Any, operation: str) -> Question:
    """Return what is asked.

    Raises:
        MalformedError: it has no contents, or fields of the wrong kind.
    """
    contents = body.get("contents") if isinstance(body, dict) else None
    if not contents:
        raise MalformedError("* GenerateContentRequest.contents: contents is not specified")
    contents = contents if isinstance(contents, list) else [contents]
    config = field(body, "generationConfig") or {}
    speech = field(config, "speechConfig") or {}
    modalities = field(config, "responseModalities") or []
    return Question(
        model=model,
        text="\n\n".join(map(_text, contents)),
        system=_text(field(body, "systemInstruction") or {}),
        # Stream or not, the same question costs the same.
        fingerprint=fingerprint("gemini", operation, model, body),
        schema=field(config, "responseJsonSchema") or field(config, "responseSchema"),
        json=field(config, "responseMimeType") == "application/json",
        audio="AUDIO" in modalities or "-tts" in model,
        voice=_voice(speech),
        language=field(speech, "languageCode") or "",
        max_output_tokens=int(field(config, "maxOutputTokens") or _MOST_TOKENS),
    )


def field(found: Mapping[str, Any], camel: str) -> Any:
    """Return a field by its name in camelCase, or the same in snake_case."""
    snake = re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), camel)
    return found.get(camel, found.get(snake))


def _voice(speech: Mapping[str, Any]) -> str:
    config = field(speech, "voiceConfig") or {}
    prebuilt = field(config, "prebuiltVoiceConfig") or {}
    return str(config.get("voice") or field(prebuilt, "voiceName") or "")


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, dict):
        raise MalformedError("Invalid value at 'contents' (oneof): an object is expected")
    parts = content.get("parts") or []
    parts = parts if isinstance(parts, list) else [parts]
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
