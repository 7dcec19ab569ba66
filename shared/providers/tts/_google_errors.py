"""What Google Cloud's errors mean for us."""

import re
from typing import Any

from google.api_core import exceptions

from shared.errors import PipelineError, RateLimitedError, RefusedError, TransientError

# Where a limit names no delay. Quotas are counted per minute, so half of one is a fair guess.
_DEFAULT_DELAY = 30.0
# Aborted, Cancelled, Unknown: the request may be sent again as it is.
_TRANSIENT_CODES = frozenset({408, 409, 499})
_KEY_LIKE = re.compile(r"AIza[\w-]{10,}|(?<=key=)[^&\s]+")
_KEY_REASONS = re.compile(r"API_KEY_|SERVICE_DISABLED|BILLING_DISABLED|CONSUMER_")


class KeyRefusedError(RefusedError):
    """It is this key, or its project, that Google will not serve; another may do."""


def translate(error: exceptions.GoogleAPICallError, *, secret: str) -> PipelineError:
    """Return what `error` means for a job. `secret` never shows in the message."""
    code = int(error.code or 500)
    said = str(error.message or "")
    message = f"google {code} {error.reason or ''}: {_safe(said, secret)}"
    if code == 429:
        return RateLimitedError(message, retry_after=_delay(error.details))
    if code in _TRANSIENT_CODES or code >= 500:
        return TransientError(message)
    if _blames_the_key(code, error.reason or "", said):
        return KeyRefusedError(message)
    return RefusedError(message)


def _blames_the_key(code: int, reason: str, said: str) -> bool:
    return (
        code in (401, 403)
        or _KEY_REASONS.search(reason) is not None
        or "api key not valid" in said.lower()
        or "api key expired" in said.lower()
    )


def _delay(details: list[Any]) -> float:
    for detail in details:
        if delay := getattr(detail, "retry_delay", None):
            return float(delay.ToTimedelta().total_seconds())
    return _DEFAULT_DELAY


def _safe(said: str, secret: str) -> str:
    hidden = said.replace(secret, "***") if secret else said
    return _KEY_LIKE.sub("***", hidden)[:300]
