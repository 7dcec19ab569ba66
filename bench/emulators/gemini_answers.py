"""What Gemini answers: candidates, usage, and the 200s that are of no use."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bench.emulators import languages, writing
from bench.emulators.gemini_requests import Question
from bench.emulators.instances import instance
from bench.emulators.kinds import Kind
from bench.emulators.writing import Brief

_CHARACTERS_A_TOKEN = 4
_PIECE = 400
_REASONS = {
    Kind.SAFETY: "SAFETY",
    Kind.RECITATION: "RECITATION",
    Kind.LANGUAGE: "LANGUAGE",
    Kind.OTHER: "OTHER",
    Kind.ACCOUNT_DISABLED: "PUP_LIMITED_DISABLED",
    Kind.THOUGHTS_ONLY: "MAX_TOKENS",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: parts of content, and why it ended.

    Attributes:
        parts: None where the candidate has no content.
        finish: None where it does not say that it ended.
        tokens: Of the answer.
    """

    parts: tuple[Mapping[str, Any], ...] | None
    finish: str | None
    tokens: int = 0


def written(question: Question, kind: Kind | None) -> Answer:
    """Return a text or JSON answer, spoilt by `kind`."""
    if reason := _REASONS.get(kind) if kind else None:
        return Answer(None, reason)
    if kind is Kind.EMPTY:
        return Answer(({"text": ""},), "STOP")
    finish: str | None = "STOP"
    text = _text(question, kind)
    # The cap counts thoughts too, but what is written here has few.
    cap = question.max_output_tokens * _CHARACTERS_A_TOKEN
    if kind is Kind.MAX_TOKENS or len(text) > cap:
        text, finish = text[: min(cap, len(text) * 2 // 3)], "MAX_TOKENS"
    elif kind is Kind.UNFINISHED:
        text, finish = text[: len(text) // 2], None
    return Answer(({"text": text},), finish, tokens(text))


def spoken(audio: bytes, mime: str, seconds: float, kind: Kind | None) -> Answer:
    """Return an answer that is heard. 25 tokens are a second."""
    if reason := _REASONS.get(kind) if kind else None:
        return Answer(None, reason)
    if kind is Kind.EMPTY:
        return Answer(None, "STOP")
    data = base64.b64encode(audio).decode()
    finish = None if kind is Kind.UNFINISHED else "STOP"
    part = {"inlineData": {"mimeType": mime, "data": data}}
    return Answer((part,), finish, round(seconds * 25))


def body(question: Question, answer: Answer, *, thoughts: int) -> list[dict[str, Any]]:
    """Return the whole response, in one piece."""
    candidate: dict[str, Any] = {"index": 0}
    if answer.parts is not None:
        candidate["content"] = {"role": "model", "parts": list(answer.parts)}
    elif answer.finish == "MAX_TOKENS":
        candidate["content"] = {"role": "model"}
    if answer.finish is not None:
        candidate["finishReason"] = answer.finish
    return [{"candidates": [candidate]} | _ending(question, answer.tokens, thoughts)]


def without_candidates(question: Question, kind: Kind) -> dict[str, Any]:
    """Return a response to a blocked prompt, or one with nothing in it."""
    usage = _ending(question, 0, 0)
    if kind is Kind.BLOCKED_PROMPT:
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}} | usage
    return {"candidates": []} | usage


def stream(question: Question, answer: Answer, *, thoughts: int) -> list[dict[str, Any]]:
    """Return the response in pieces; the last has the finish reason and the usage."""
    pieces = [
        {"candidates": [{"index": 0, "content": {"role": "model", "parts": [part]}}]}
        for whole in answer.parts or ()
        for part in _pieces(whole)
    ]
    last: dict[str, Any] = {"index": 0}
    if answer.parts is not None:
        last["content"] = {"role": "model", "parts": [{"text": ""}]}
    if answer.finish is not None:
        last["finishReason"] = answer.finish
    return [*pieces, {"candidates": [last]} | _ending(question, answer.tokens, thoughts)]


def tokens(text: str) -> int:
    """Return about how many tokens a text is."""
    return max(1, len(text.encode()) // _CHARACTERS_A_TOKEN)


def asked_of(question: Question) -> Brief:
    """Return what the prompt asks for."""
    return writing.brief(question.system, question.text, question.fingerprint)


def text_for(asked: Brief, schema: Mapping[str, Any] | None, *, json_wanted: bool) -> str:
    """Return the text that answers a brief."""
    if schema:
        return json.dumps(instance(schema, asked), ensure_ascii=False)
    if json_wanted:
        return json.dumps({"text": writing.sentence(asked.language, asked.seed)})
    return writing.passage(
        asked.language, asked.characters, asked.seed, paragraphs=asked.paragraphs
    )


def in_wrong_language(asked: Brief) -> Brief:
    """Return the brief in another language than the one it asks for."""
    return replace(asked, language=languages.other_than(asked.language))


def _text(question: Question, kind: Kind | None) -> str:
    asked = asked_of(question)
    if kind is Kind.WRONG_LANGUAGE:
        asked = in_wrong_language(asked)
    return text_for(asked, question.schema, json_wanted=question.json)


def _pieces(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "text" in part:
        text = part["text"]
        return [{"text": text[at : at + _PIECE]} for at in range(0, len(text), _PIECE)]
    inline = part["inlineData"]
    # A multiple of 4 characters of base64 decodes by itself.
    data, step = inline["data"], 64_000
    return [
        {"inlineData": {"mimeType": inline["mimeType"], "data": data[at : at + step]}}
        for at in range(0, len(data), step)
    ]


def _ending(question: Question, answered: int, thoughts: int) -> dict[str, Any]:
    asked = tokens(question.system + question.text)
    usage = {
        "promptTokenCount": asked,
        "candidatesTokenCount": answered,
        "thoughtsTokenCount": thoughts if answered else 0,
        "totalTokenCount": asked + answered + (thoughts if answered else 0),
    }
    return {
        "usageMetadata": usage,
        "modelVersion": question.model,
        "responseId": question.fingerprint,
    }
