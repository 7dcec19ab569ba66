"""What Gemini's errors mean for us."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from google.genai import errors

from shared.errors import PipelineError, RateLimitedError, RefusedError, TransientError

# Where a limit names no delay. Quotas are counted per minute, so half of one is a fair guess.
_DEFAULT_DELAY = 30.0
# Spend is limited over a rolling ten minutes: hammering it only wastes attempts.
_SPEND_DELAY = 120.0
_SECONDS = re.compile(r"retry in ([\d.]+)\s*s")
_KEY_LIKE = re.compile(r"AIza[\w-]{10,}|(?<=key=)[^&\s]+")
_WRONG_WITH_THE_KEY = re.compile(r"api key (not valid|expired)|api_key_(invalid|expired)")


class KeyRefusedError(RefusedError):
    """It is this key, or its project, that Gemini will not serve; another may do."""


def translate(error: errors.APIError, *, secret: str) -> PipelineError:
    """Return what `error` means for a job. `secret` never shows in the message."""
    body = _inner(error.details)
    details = [each for each in body.get("details") or [] if isinstance(each, Mapping)]
    status, said = error.status or "", str(error.message or "")
    message = f"gemini {error.code} {status}: {_safe(said, secret)}"
    if error.code == 429 or status == "RESOURCE_EXHAUSTED":
        return _limited(message, said, details)
    if error.code in (408, 499) or error.code >= 500:
        return TransientError(message)
    if _blames_the_key(error.code, status, said, details):
        return KeyRefusedError(message)
    return RefusedError(message)


def seconds_to_pacific_midnight(now: datetime) -> float:
    """Return how long until daily quotas start anew."""
    here = now.astimezone(ZoneInfo("America/Los_Angeles"))
    midnight = (here + timedelta(days=1)).replace(hour=0, minute=0, second=5, microsecond=0)
    # Through UTC: the difference of two times of one zone ignores a clock change between them.
    return (midnight.astimezone(UTC) - now).total_seconds()


def _limited(message: str, said: str, details: list[Mapping[str, Any]]) -> PipelineError:
    lowered = said.lower()
    if "credit" in lowered and "deplet" in lowered:
        return KeyRefusedError(message)
    delay = _delay(lowered, details)
    if "spend" in lowered:
        return RateLimitedError(message, retry_after=max(delay, _SPEND_DELAY))
    if "perday" in _quotas(details) or "per day" in lowered:
        # A daily limit still carries a short retryDelay; believing it burns attempts.
        wait = seconds_to_pacific_midnight(datetime.now(UTC))
        return RateLimitedError(message, retry_after=wait)
    return RateLimitedError(message, retry_after=delay)


def _blames_the_key(code: int, status: str, said: str, details: list[Mapping[str, Any]]) -> bool:
    reasons = " ".join(str(each.get("reason", "")) for each in details)
    spoken = f"{said} {reasons}".lower()
    return (
        code in (401, 403)
        or status == "FAILED_PRECONDITION"
        or _WRONG_WITH_THE_KEY.search(spoken) is not None
    )


def _delay(lowered: str, details: list[Mapping[str, Any]]) -> float:
    for each in details:
        if found := re.fullmatch(r"([\d.]+)s", str(each.get("retryDelay", ""))):
            return float(found[1])
    found = _SECONDS.search(lowered)
    return float(found[1]) if found else _DEFAULT_DELAY


def _quotas(details: list[Mapping[str, Any]]) -> str:
    violations = [violation for each in details for violation in each.get("violations") or []]
    return " ".join(str(violation.get("quotaId", "")) for violation in violations).lower()


def _inner(body: Any) -> Mapping[str, Any]:
    found = body.get("error", body) if isinstance(body, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _safe(said: str, secret: str) -> str:
    hidden = said.replace(secret, "***") if secret else said
    return _KEY_LIKE.sub("***", hidden)[:300]
