"""What can go wrong with a third party, by name."""

from enum import StrEnum


class Kind(StrEnum):
    """A fault. What each looks like on the wire is in README.md."""

    # Limits.
    QUOTA_MINUTE = "quota_minute"
    QUOTA_TOKENS = "quota_tokens"
    QUOTA_DAY = "quota_day"
    QUOTA_FREE_TIER = "quota_free_tier"
    CONCURRENCY = "concurrency"
    SPEND = "spend"
    PREPAID = "prepaid"
    # The key, or its project.
    KEY_INVALID = "key_invalid"
    KEY_EXPIRED = "key_expired"
    KEY_LEAKED = "key_leaked"
    KEY_RESTRICTED = "key_restricted"
    PERMISSION_DENIED = "permission_denied"
    SERVICE_DISABLED = "service_disabled"
    BILLING_DISABLED = "billing_disabled"
    REGION = "region"
    # The request or the model.
    BAD_REQUEST = "bad_request"
    TOO_LONG = "too_long"
    MODEL_GONE = "model_gone"
    # The service.
    INTERNAL = "internal"
    UNAVAILABLE = "unavailable"
    DEADLINE = "deadline"
    # The connection.
    HANG = "hang"
    RESET = "reset"
    GARBAGE = "garbage"
    # Answers that are 200 and of no use.
    EMPTY = "empty"
    NO_CANDIDATES = "no_candidates"
    BLOCKED_PROMPT = "blocked_prompt"
    SAFETY = "safety"
    RECITATION = "recitation"
    LANGUAGE = "language"
    OTHER = "other"
    ACCOUNT_DISABLED = "account_disabled"
    MAX_TOKENS = "max_tokens"
    THOUGHTS_ONLY = "thoughts_only"
    UNFINISHED = "unfinished"
    WRONG_LANGUAGE = "wrong_language"
    SILENT = "silent"
    TRUNCATED = "truncated"
    REPEATED = "repeated"


LIMITS = frozenset(
    {
        Kind.QUOTA_MINUTE,
        Kind.QUOTA_TOKENS,
        Kind.QUOTA_DAY,
        Kind.QUOTA_FREE_TIER,
        Kind.CONCURRENCY,
        Kind.SPEND,
        Kind.PREPAID,
    }
)
REFUSALS = frozenset(
    {
        Kind.KEY_INVALID,
        Kind.KEY_EXPIRED,
        Kind.KEY_LEAKED,
        Kind.KEY_RESTRICTED,
        Kind.PERMISSION_DENIED,
        Kind.SERVICE_DISABLED,
        Kind.BILLING_DISABLED,
        Kind.REGION,
        Kind.BAD_REQUEST,
        Kind.TOO_LONG,
        Kind.MODEL_GONE,
    }
)
OUTAGES = frozenset({Kind.INTERNAL, Kind.UNAVAILABLE, Kind.DEADLINE})
# Answered with an error instead of a result.
ERRORS = LIMITS | REFUSALS | OUTAGES
# Nothing was made, so nothing is paid for.
UNPAID = ERRORS | {Kind.HANG, Kind.RESET, Kind.NO_CANDIDATES, Kind.BLOCKED_PROMPT}
