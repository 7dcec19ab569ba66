"""What an OpenAI-compatible server writes."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from bench.emulators import writing
from bench.emulators.gemini_answers import in_wrong_language, text_for, tokens
from bench.emulators.kinds import Kind

_PIECE = 200
# Why there is no text.
_NOTHING = {
    Kind.BLOCKED_PROMPT: "content_filter",
    Kind.SAFETY: "content_filter",
    Kind.RECITATION: "content_filter",
    Kind.LANGUAGE: "content_filter",
    Kind.OTHER: "stop",
    Kind.THOUGHTS_ONLY: "length",
    Kind.EMPTY: "stop",
    Kind.NO_CANDIDATES: "stop",
}


def chat(body: Mapping[str, Any], kind: Kind | None, seed: str) -> Response:
    """Return a completion, whole or in pieces, spoilt by `kind`."""
    text, finish = _written(body, kind, seed)
    start = {"id": f"chatcmpl-{seed}", "created": 0, "model": body.get("model", "")}
    usage = _usage(said(body["messages"]), text)
    if body.get("stream"):
        return _streamed(start, text, finish, usage if _wants_usage(body) else None)
    choices: list[Any] = [
        {
            "index": 0,
            "message": {"role": "assistant", "content": text, "refusal": None},
            "finish_reason": finish,
            "logprobs": None,
        }
    ]
    if kind is Kind.NO_CANDIDATES:
        choices = []
    whole = {"object": "chat.completion", "choices": choices, "usage": usage}
    return JSONResponse(start | whole)


def said(messages: list[Any], role: str = "") -> str:
    """Return the text of the messages: of one role, or of all."""
    return "\n\n".join(
        _text(message.get("content"))
        for message in messages
        if isinstance(message, dict) and (not role or message.get("role") == role)
    )


def _written(body: Mapping[str, Any], kind: Kind | None, seed: str) -> tuple[str, str | None]:
    if kind in _NOTHING:
        return "", _NOTHING[kind]
    messages = body["messages"]
    system = said(messages, "system") + said(messages, "developer")
    asked = writing.brief(system, said(messages, "user"), seed)
    if kind is Kind.WRONG_LANGUAGE:
        asked = in_wrong_language(asked)
    form = body.get("response_format") or {}
    schema = (form.get("json_schema") or {}).get("schema")
    text = text_for(asked, schema, json_wanted=form.get("type") == "json_object")
    cap = 4 * int(body.get("max_completion_tokens") or body.get("max_tokens") or 65_536)
    if kind is Kind.MAX_TOKENS or len(text) > cap:
        return text[: min(cap, len(text) * 2 // 3)], "length"
    return (text[: len(text) // 2], None) if kind is Kind.UNFINISHED else (text, "stop")


def _streamed(
    start: dict[str, Any], text: str, finish: str | None, usage: dict[str, Any] | None
) -> Response:
    pieces = [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]
    deltas: list[tuple[dict[str, Any], str | None]] = [
        ({"role": "assistant", "content": ""}, None),
        *(({"content": piece}, None) for piece in pieces),
        ({}, finish),
    ]
    base = start | {"object": "chat.completion.chunk"}
    chunks = [
        base | {"choices": [{"index": 0, "delta": delta, "finish_reason": ended}]}
        for delta, ended in deltas
    ]
    if usage is not None:
        chunks.append(base | {"choices": [], "usage": usage})
    lines = [*(json.dumps(chunk, ensure_ascii=False) for chunk in chunks), "[DONE]"]
    return Response("".join(f"data: {line}\n\n" for line in lines), media_type="text/event-stream")


def _usage(asked: str, text: str) -> dict[str, Any]:
    prompt, completion = tokens(asked), tokens(text)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _wants_usage(body: Mapping[str, Any]) -> bool:
    return bool((body.get("stream_options") or {}).get("include_usage"))


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text", "")) for part in content)
    return str(content or "")
