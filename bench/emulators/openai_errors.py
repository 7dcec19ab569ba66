"""Errors as OpenAI words them."""

from starlette.responses import JSONResponse, Response

from bench.emulators import problems
from bench.emulators.desk import Admission
from bench.emulators.kinds import ERRORS, Kind

_ERRORS: dict[Kind, tuple[int, str, str, str]] = {
    Kind.SPEND: (429, "insufficient_quota", "insufficient_quota", "You exceeded your quota."),
    Kind.PREPAID: (429, "insufficient_quota", "insufficient_quota", "Your credits are used up."),
    Kind.KEY_INVALID: (
        401,
        "invalid_request_error",
        "invalid_api_key",
        "Incorrect API key provided. You can find your API key in your account.",
    ),
    Kind.KEY_EXPIRED: (401, "invalid_request_error", "invalid_api_key", "The key has expired."),
    Kind.KEY_LEAKED: (401, "invalid_request_error", "invalid_api_key", "The key was revoked."),
    Kind.KEY_RESTRICTED: (403, "permission_error", "forbidden", "Your address is not allowed."),
    Kind.REGION: (403, "permission_error", "unsupported_country_region_territory", "Not here."),
    Kind.PERMISSION_DENIED: (403, "permission_error", "forbidden", "You may not use this model."),
    Kind.SERVICE_DISABLED: (403, "permission_error", "forbidden", "The project is archived."),
    Kind.BILLING_DISABLED: (
        429,
        "insufficient_quota",
        "billing_not_active",
        "Your account is not active, please check your billing details.",
    ),
    Kind.BAD_REQUEST: (400, "invalid_request_error", "invalid_value", "Invalid value."),
    Kind.TOO_LONG: (
        400,
        "invalid_request_error",
        "context_length_exceeded",
        "This model's maximum context length is 128000 tokens.",
    ),
    Kind.MODEL_GONE: (404, "invalid_request_error", "model_not_found", "The model is not there."),
    Kind.INTERNAL: (500, "server_error", "", "The server had an error. Please try again."),
    Kind.UNAVAILABLE: (503, "server_error", "", "The engine is currently overloaded."),
    Kind.DEADLINE: (504, "server_error", "", "The request timed out."),
}


def failed(admission: Admission) -> Response | None:
    """Return the error a fault or a quota makes, where it makes one."""
    kind = admission.kind
    if kind is None or kind not in ERRORS:
        return None
    if kind not in _ERRORS:
        return _limited(admission)
    code, type_, name, message = _ERRORS[kind]
    return _error(code, type_, name or None, message)


def invalid(message: str, param: str) -> Response:
    """Return the error of a request that is not well formed."""
    return _error(400, "invalid_request_error", None, message, param)


def _limited(admission: Admission) -> Response:
    found = problems.limit(admission)
    unit = "tokens" if found.kind is Kind.QUOTA_TOKENS else "requests"
    period = "day" if found.kind is Kind.QUOTA_DAY else "min"
    said = (
        f"Rate limit reached for {admission.call.model} on {unit} per {period}: "
        f"Limit {found.limit}. Please try again in {found.wait:.3f}s."
    )
    response = _error(429, unit, "rate_limit_exceeded", said)
    response.headers["retry-after"] = str(max(1, round(found.wait + 0.5)))
    response.headers["retry-after-ms"] = str(round(found.wait * 1_000))
    response.headers[f"x-ratelimit-limit-{unit}"] = str(found.limit)
    response.headers[f"x-ratelimit-remaining-{unit}"] = "0"
    response.headers[f"x-ratelimit-reset-{unit}"] = f"{found.wait:.3f}s"
    return response


def _error(
    code: int, type_: str, name: str | None, message: str, param: str | None = None
) -> Response:
    error = {"message": message, "type": type_, "param": param, "code": name}
    return JSONResponse({"error": error}, status_code=code)
