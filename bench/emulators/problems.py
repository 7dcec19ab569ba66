"""Errors as Google words them, for REST and gRPC alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bench.emulators.desk import Admission
from bench.emulators.kinds import Kind
from bench.emulators.quotas import Breach

_RPC = "type.googleapis.com/google.rpc."
_DOCS = "https://ai.google.dev/gemini-api/docs/rate-limits"
# Injected limits say so long.
_DELAY = 20.0


@dataclass(frozen=True, slots=True)
class Problem:
    """An error: HTTP's number, Google's name for it, and what it says."""

    code: int
    status: str
    message: str
    details: tuple[Mapping[str, Any], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """Return what REST answers."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = list(self.details)
        return {"error": error}


def info(reason: str, service: str, **metadata: str) -> dict[str, Any]:
    """Return an ErrorInfo."""
    found = {"service": service} | metadata
    return {
        "@type": _RPC + "ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": found,
    }


def retry(seconds: float) -> dict[str, Any]:
    """Return a RetryInfo."""
    return {"@type": _RPC + "RetryInfo", "retryDelay": f"{max(seconds, 0.001):.3f}s"}


def general(kind: Kind, service: str, model: str) -> Problem:
    """Return the errors that all of Google's services word alike."""
    return _GENERAL[kind](service, model)


def limit(admission: Admission) -> Breach:
    """Return the quota that is exceeded; for a fault, one made up for it."""
    if admission.breach is not None:
        return admission.breach
    kind = admission.fault or Kind.QUOTA_MINUTE
    free = kind is Kind.QUOTA_FREE_TIER
    return Breach(kind, 0 if free else 10, _DELAY, "free" if free else "paid")


def is_quota(kind: Kind) -> bool:
    """Return whether a kind of fault is a quota that is exceeded."""
    return kind.value.startswith("quota_") or kind is Kind.CONCURRENCY


def gemini_quota(found: Breach, model: str) -> Problem:
    """Return Gemini's 429: which quota, and when to come again."""
    if found.kind is Kind.CONCURRENCY:
        said = "Resource has been exhausted (e.g. check quota)."
        return Problem(429, "RESOURCE_EXHAUSTED", said)
    period = "Day" if found.kind is Kind.QUOTA_DAY else "Minute"
    tier = "-FreeTier" if found.tier == "free" else "-PaidTier"
    kind, unit = "Requests", "requests"
    name = f"GenerateRequestsPer{period}PerProjectPerModel{tier}"
    if found.kind is Kind.QUOTA_TOKENS:
        kind, unit = "InputTokens", "input_token_count"
        name = f"GenerateContent{kind}PerModelPer{period}{tier}"
    free = "free_tier_" if found.tier == "free" else "paid_tier_"
    metric = f"generativelanguage.googleapis.com/generate_content_{free}{unit}"
    violation = {
        "quotaMetric": metric,
        "quotaId": name,
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": str(found.limit),
    }
    said = (
        "You exceeded your current quota, please check your plan and billing details. For more "
        f"information on this error, head to: {_DOCS}. \n* Quota exceeded for metric: {metric}, "
        f"limit: {found.limit}, model: {model}\nPlease retry in {found.wait:.3f}s."
    )
    links = [{"description": "Learn more about Gemini API quotas", "url": _DOCS}]
    details = (
        {"@type": _RPC + "QuotaFailure", "violations": [violation]},
        {"@type": _RPC + "Help", "links": links},
        # Days too: the delay of a daily limit is as short, and as wrong, as Google's.
        retry(found.wait),
    )
    return Problem(429, "RESOURCE_EXHAUSTED", said, details)


def tts_quota(found: Breach, family: str, project: str) -> Problem:
    """Return Cloud TTS's 429."""
    prefix = {"chirp3-hd": "Chirp3", "neural2": "Neural2", "studio": "Studio"}.get(family, "")
    period = "Day" if found.kind is Kind.QUOTA_DAY else "Minute"
    name = f"{prefix}RequestsPer{period}PerProject"
    if found.kind is Kind.CONCURRENCY:
        name = f"{prefix}ConcurrentRequestsPerProject"
    if found.kind is Kind.QUOTA_TOKENS:
        name = "CharactersPerMinutePerProject"
    service = "texttospeech.googleapis.com"
    metric = f"{service}/{prefix.lower() + '_' if prefix else ''}requests"
    said = (
        f"Quota exceeded for quota metric '{metric}' and limit '{name}' of service '{service}' "
        f"for consumer 'project_number:{project}'."
    )
    detail = info(
        "RATE_LIMIT_EXCEEDED",
        service,
        consumer=f"projects/{project}",
        quota_limit=name,
        quota_limit_value=str(found.limit),
        quota_location="global",
        quota_metric=metric,
        quota_unit="1/d/{project}" if period == "Day" else "1/min/{project}",
    )
    return Problem(429, "RESOURCE_EXHAUSTED", said, (detail, retry(found.wait)))


def _plain(code: int, status: str, said: str, reason: str = "") -> Callable[[str, str], Problem]:
    def make(service: str, model: str) -> Problem:
        details = (info(reason, service),) if reason else ()
        return Problem(code, status, said.format(service=service, model=model), details)

    return make


_GENERAL: dict[Kind, Callable[[str, str], Problem]] = {
    Kind.SPEND: _plain(
        429,
        "RESOURCE_EXHAUSTED",
        "You exceeded your spend-based rate limit. Please check your plan and billing details.",
    ),
    Kind.PREPAID: _plain(
        429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. Please add credits."
    ),
    Kind.KEY_INVALID: _plain(
        400,
        "INVALID_ARGUMENT",
        "API key not valid. Please pass a valid API key.",
        "API_KEY_INVALID",
    ),
    Kind.KEY_EXPIRED: _plain(
        400,
        "INVALID_ARGUMENT",
        "API key expired. Please renew the API key.",
        "API_KEY_INVALID",
    ),
    Kind.KEY_LEAKED: _plain(
        403,
        "PERMISSION_DENIED",
        "Your API key was reported as leaked. Please use another API key.",
    ),
    Kind.PERMISSION_DENIED: _plain(
        403,
        "PERMISSION_DENIED",
        "Method doesn't allow unregistered callers (callers without established identity). "
        "Please use API Key or other form of API consumer identity to call this API.",
    ),
    Kind.SERVICE_DISABLED: _plain(
        403,
        "PERMISSION_DENIED",
        "{service} has not been used in this project before or it is disabled.",
        "SERVICE_DISABLED",
    ),
    Kind.BILLING_DISABLED: _plain(
        403,
        "PERMISSION_DENIED",
        "This API method requires billing to be enabled.",
        "BILLING_DISABLED",
    ),
    Kind.KEY_RESTRICTED: _plain(
        403,
        "PERMISSION_DENIED",
        "Requests from referer <empty> are blocked.",
        "API_KEY_HTTP_REFERRER_BLOCKED",
    ),
    Kind.REGION: _plain(
        400, "FAILED_PRECONDITION", "User location is not supported for the API use."
    ),
    Kind.BAD_REQUEST: _plain(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    Kind.MODEL_GONE: _plain(
        404,
        "NOT_FOUND",
        "models/{model} is not found for API version v1, or is not supported for this method. "
        "Call ListModels to see the list of available models and their supported methods.",
    ),
    Kind.INTERNAL: _plain(
        500, "INTERNAL", "An internal error has occurred. Please retry or report the problem."
    ),
    Kind.UNAVAILABLE: _plain(
        503, "UNAVAILABLE", "The model is overloaded. Please try again later."
    ),
    Kind.DEADLINE: _plain(504, "DEADLINE_EXCEEDED", "The request timed out. Please try again."),
    Kind.TOO_LONG: _plain(
        400,
        "INVALID_ARGUMENT",
        "The input token count exceeds the maximum number of tokens allowed 1048576.",
    ),
}
