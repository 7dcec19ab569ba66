"""How an OpenAI-compatible chat server answers that runs here: as the model of a request wants."""

from typing import Any

from tests.support.provider_http import Endpoint, Request, Response

USAGE = {"prompt_tokens": 12, "completion_tokens": 7, "total_tokens": 19}


def answer(request: Request) -> Response:
    """Answer as the model of `request` wants."""
    status, body, headers = _answer(request.body)
    return Response(body, status, headers, held=request.body["model"] == "hang")


def formats_asked(server: Endpoint) -> list[str]:
    """Return how each answer was asked for."""
    return [body.get("response_format", {}).get("type", "") for *_, body in server.requests]


def _answer(body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
    model, wanted = body["model"], body.get("response_format", {}).get("type", "")
    if model in _FAULTS:
        code, answer, *more = _FAULTS[model]
        return code, answer, more[0] if more else {}
    if model == "no-schema" and wanted == "json_schema":
        return 400, _error("'response_format.type' must be 'text' or 'json_object'"), {}
    if model == "no-formats" and wanted:
        return 422, _error("response_format is not supported"), {}
    return 200, said(_text(body, wanted)), {}


def _text(body: dict[str, Any], wanted: str) -> str:
    if body["model"] == "deaf" and wanted:
        return "Sure! Here you are."
    if wanted == "json_schema" or "Its schema" in body["messages"][0]["content"]:
        return '```json\n{"logline": "Hello"}\n```'
    return "<think>They want a greeting.</think>\nHello"


def said(text: str | None, finish: str | None = "stop", **message: Any) -> dict[str, Any]:
    """Return a chat completion."""
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": text, **message},
        "finish_reason": finish,
    }
    return {"id": "c1", "model": "local-7b-q4", "choices": [choice], "usage": USAGE}


def _error(message: str, code: str = "") -> dict[str, Any]:
    return {"error": {"message": message, "type": "x", "code": code or None}}


_FAULTS: dict[str, tuple[Any, ...]] = {
    "limited": (429, _error("Rate limit reached"), {"Retry-After": "7"}),
    "limited-ms": (429, _error("Rate limit reached"), {"retry-after-ms": "1500"}),
    "limited-mutely": (429, "slow down"),
    "spent": (429, _error("You exceeded your current quota", "insufficient_quota")),
    "bad-key": (401, _error("Incorrect API key provided: sk-secret")),
    "gone": (404, _error("model 'gone' not found")),
    "malformed": (400, _error("messages: too long")),
    "overloaded": (503, "<html>overloaded</html>"),
    "garbage": (200, "<html>proxy</html>"),
    "refuses": (200, said(None, refusal="I cannot help with that.")),
    "filtered": (200, said("", "content_filter")),
    "endless": (200, said("cut of", "length")),
    "unfinished": (200, said("cut of", None)),
    "silent": (200, {"choices": []}),
    "empty": (200, said(" ")),
    "never-json": (200, said("I would rather talk.")),
}
