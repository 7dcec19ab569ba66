"""Google Cloud's errors, in the words of the pool."""

import re
from typing import Any

from google.api_core import exceptions

from shared.quota import Answer, ProviderError, classify
from shared.quota.outcomes import UNREACHABLE

# What grpc says of itself: no server answered, so no model is overloaded.
_NETWORK = re.compile(
    r"failed to connect|connection (?:refused|reset|attempt)|socket closed|broken pipe"
    r"|name resolution|resolve (?:name|host)|dns|ssl handshake|goaway|too_many_pings",
    re.I,
)
_KEY_LIKE = re.compile(r"AIza[\w-]{10,}|(?<=key=)[^&\s]+")


def translate(error: exceptions.GoogleAPICallError, *, secret: str) -> ProviderError:
    """Return what `error` means. `secret` never shows in the message."""
    said = str(error.message or "")
    if int(error.code or 0) == 503 and _NETWORK.search(said):
        return ProviderError(UNREACHABLE, f"google cannot be reached: {_safe(said, secret)}")
    answer = Answer(
        code=int(error.code or 500),
        status=error.grpc_status_code.name if error.grpc_status_code else "",
        message=said,
        reason=error.reason or "",
        quota=_quota(error),
        retry_delay=_delay(error.details),
    )
    message = f"google {answer.code} {answer.reason}: {_safe(said, secret)}"
    return ProviderError(classify(answer), message)


def _quota(error: exceptions.GoogleAPICallError) -> str:
    named = str((error.metadata or {}).get("quota_limit", ""))
    violations = [each for detail in error.details for each in getattr(detail, "violations", ())]
    return " ".join([named, *(str(getattr(each, "quota_id", "")) for each in violations)])


def _delay(details: list[Any]) -> float | None:
    for detail in details:
        if delay := getattr(detail, "retry_delay", None):
            return float(delay.ToTimedelta().total_seconds())
    return None


def _safe(said: str, secret: str) -> str:
    hidden = said.replace(secret, "***") if secret else said
    return _KEY_LIKE.sub("***", hidden)[:300]
