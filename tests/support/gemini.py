"""How a Gemini answers that runs here: as the key of a request wants."""

import json
from typing import Any

from tests.support.provider_http import Endpoint, Request, Response

USAGE = {
    "promptTokenCount": 12,
    "candidatesTokenCount": 7,
    "thoughtsTokenCount": 30,
    "totalTokenCount": 49,
}
_QUOTA = "generativelanguage.googleapis.com/generate_content_free_tier_requests"


def answer(request: Request) -> Response:
    """Answer as the key of `request` wants."""
    key = request.headers["x-goog-api-key"]
    behaviour = _MODELS.get(request.path.split("/")[-1].split(":")[0], key)
    status, body = _answer(behaviour, request.body)
    return Response(body, status, held=key == "hang")


def keys(server: Endpoint) -> list[str]:
    """Return the keys of the requests, in order."""
    return [headers["x-goog-api-key"] for _, headers, _ in server.requests]


def _answer(key: str, body: dict[str, Any]) -> tuple[int, Any]:
    if key in FAULTS:
        return FAULTS[key]
    config = body.get("generationConfig", {})
    if key == "thinks-long" and config["maxOutputTokens"] < 65_536:
        return 200, {
            "candidates": [{"content": {"role": "model"}, "finishReason": "MAX_TOKENS"}],
            "usageMetadata": USAGE,
        }
    if config.get("responseMimeType") == "application/json":
        return 200, _said(json.dumps(_instance(config["responseJsonSchema"])))
    return 200, _said("Hello")


def _instance(schema: dict[str, Any]) -> Any:
    if schema["type"] == "object":
        return {name: _instance(inner) for name, inner in schema["properties"].items()}
    if schema["type"] == "array":
        return [_instance(schema["items"])]
    return 100 if schema["type"] == "integer" else "Hello"


def _said(text: str, finish: str | None = "STOP") -> dict[str, Any]:
    candidate = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {
        "candidates": [candidate],
        "usageMetadata": USAGE,
        "modelVersion": "gemini-3.8-flash-002",
        "responseId": "r1",
    }


def _limited(quota: str, delay: str) -> tuple[int, Any]:
    violation = {"quotaMetric": _QUOTA, "quotaId": quota, "quotaValue": "10"}
    details = [
        {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [violation]},
        {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay},
    ]
    return _error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", details)


def _error(code: int, status: str, message: str, details: Any = ()) -> tuple[int, Any]:
    error = {"code": code, "status": status, "message": message, "details": list(details)}
    return code, {"error": error}


# Models that behave like the key of that name, whatever the key.
_MODELS = {"gone": "gone", "day-is-over": "day", "monoglot": "monoglot"}

FAULTS: dict[str, tuple[int, Any]] = {
    "minute": _limited("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "34.07s"),
    "day": _limited("GenerateRequestsPerDayPerProjectPerModel-FreeTier", "44s"),
    "spend": _error(429, "RESOURCE_EXHAUSTED", "You exceeded your spend-based rate limit."),
    "prepaid": _error(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."),
    "bad": _error(
        400,
        "INVALID_ARGUMENT",
        "API key not valid: bad. Please pass a valid API key.",
        [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}],
    ),
    "leaked": _error(403, "PERMISSION_DENIED", "Your API key leaked was reported as leaked."),
    "gone": _error(404, "NOT_FOUND", "models/gemini-1.0 is not found"),
    "malformed": _error(400, "INVALID_ARGUMENT", "Unknown name"),
    "overloaded": _error(503, "UNAVAILABLE", "The model is overloaded."),
    "garbage": (200, "<html>proxy</html>"),
    "blocked": (200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}),
    "unsafe": (200, {"candidates": [{"finishReason": "SAFETY", "index": 0}]}),
    "recites": (200, {"candidates": [{"finishReason": "RECITATION", "index": 0}]}),
    "monoglot": (200, _said("", "LANGUAGE")),
    "disabled": (200, {"candidates": [{"finishReason": "PUP_LIMITED_DISABLED", "index": 0}]}),
    "endless": (200, _said("cut of", "MAX_TOKENS")),
    "unfinished": (200, _said("cut of", None)),
    "silent": (200, {"candidates": []}),
    "empty": (200, _said(" ")),
}
