"""What it means when there is no error, and no usable answer either."""

from shared.quota.verdict import Action, Scope, Verdict

# No answer at all. It is the provider's, or the way to it; no key can help.
CLIENT_TIMEOUT = Verdict(Action.RETRY, "timeout", Scope.PROVIDER, 2.0)
UNREACHABLE = Verdict(Action.RETRY, "unreachable", Scope.PROVIDER, 2.0)
# Status 200, and not what was promised: a proxy's page, a stream that ends early.
GARBAGE = Verdict(Action.RETRY, "garbage", Scope.PROVIDER, 2.0)

PROMPT_BLOCKED = Verdict(Action.REWRITE, "prompt_blocked")

# The model understood and will not write it. Another key would only risk that one too.
_BLOCKED = (
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "RECITATION",
    "IMAGE_SAFETY",
    "MODEL_ARMOR",
    "ESCALATION",
    "JAILBREAK",
)
_BY_REASON = {
    reason: Verdict(Action.REWRITE, f"blocked_{reason.lower()}") for reason in _BLOCKED
} | {
    "PUP_LIMITED_DISABLED": Verdict(Action.DISABLE, "account_disabled", Scope.PROJECT),
    "MAX_TOKENS": Verdict(Action.SPLIT, "truncated"),
    # This model does not have it; another may.
    "LANGUAGE": Verdict(Action.FALLBACK_MODEL, "unsupported_language"),
}
_NO_ANSWER = Verdict(Action.RETRY, "no_answer", retry_after=1.0)


def finished(reason: str, *, empty: bool) -> Verdict | None:
    """Return what a `finish_reason` means; None where the answer can be used.

    Args:
        reason: As the provider names it; empty where it gave none.
        empty: Whether there is nothing to read.
    """
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    if not reason and not empty:
        # It does not say that it is finished, so it may have been cut off anywhere.
        return GARBAGE
    return _NO_ANSWER if reason != "STOP" or empty else None
