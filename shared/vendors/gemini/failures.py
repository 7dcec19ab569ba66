"""Gemini's errors, in the words of the pool."""

import re
from collections.abc import Mapping
from typing import Any

from google.genai import errors

from shared.quota import Answer, ProviderError, classify

_SECONDS = re.compile(r"retry in ([\d.]+)\s*s")
_KEY_LIKE = re.compile(r"AIza[\w-]{10,}|(?<=key=)[^&\s]+")


def translate(error: errors.APIError, *, secret: str) -> ProviderError:
    """Return what `error` means. `secret` never shows in the message."""
    body = _inner(error.details)
    details = [each for each in body.get("details") or [] if isinstance(each, Mapping)]
    violations = [violation for each in details for violation in each.get("violations") or []]
    said = str(error.message or "")
    answer = Answer(
        code=error.code,
        status=error.status or "",
        message=said,
        reason=" ".join(str(each.get("reason", "")) for each in details),
        quota=" ".join(str(violation.get("quotaId", "")) for violation in violations),
        quota_value=" ".join(str(violation.get("quotaValue", "")) for violation in violations),
        retry_delay=_delay(said.lower(), details),
    )
    message = f"gemini {error.code} {answer.status}: {_safe(said, secret)}"
    return ProviderError(classify(answer), message)


def _delay(lowered: str, details: list[Mapping[str, Any]]) -> float | None:
    for each in details:
        if found := re.fullmatch(r"([\d.]+)s", str(each.get("retryDelay", ""))):
            return float(found[1])
    found = _SECONDS.search(lowered)
    return float(found[1]) if found else None


def _inner(body: Any) -> Mapping[str, Any]:
    found = body.get("error", body) if isinstance(body, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _safe(said: str, secret: str) -> str:
    hidden = said.replace(secret, "***") if secret else said
    return _KEY_LIKE.sub("***", hidden)[:300]
