"""What a Gemini answer holds: a text, or the reason why there is none."""

from collections.abc import Sequence

from google.genai import types

from shared.providers.llm.base import Completion
from shared.quota import ProviderError, Verdict
from shared.quota.outcomes import PROMPT_BLOCKED, finished

_SAYS = {
    "truncated": "gemini's answer does not fit its output limit: ask for less at once",
    "account_disabled": "gemini disabled this account: see AI Studio",
    "unsupported_language": "gemini does not write this language with this model: LANGUAGE",
}


def ran_out(response: types.GenerateContentResponse) -> bool:
    """Return whether the answer was cut off by the cap on output tokens."""
    return _finish(response) == "MAX_TOKENS"


def problem(response: types.GenerateContentResponse) -> ProviderError | None:
    """Return why `response` is of no use; None where it is."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        reason = feedback.block_reason.value
        return ProviderError(PROMPT_BLOCKED, f"gemini blocked the prompt: {reason}")
    finish = _finish(response)
    empty = not (response.text or "").strip()
    verdict = finished(finish, empty=empty)
    return None if verdict is None else ProviderError(verdict, _message(verdict, finish))


def read(
    response: types.GenerateContentResponse,
    *,
    asked: str,
    domain: str,
    wasted: Sequence[types.GenerateContentResponse] = (),
) -> Completion:
    """Return the answer of a response that is of use.

    Args:
        response: What Gemini said.
        asked: The model that was asked, where the answer does not name one.
        domain: The project whose quota was used.
        wasted: Earlier answers to the same question, unusable but paid for.
    """
    spent = [_tokens(each) for each in (response, *wasted)]
    return Completion(
        text=response.text or "",
        model=response.model_version or asked,
        input_tokens=sum(tokens[0] for tokens in spent),
        output_tokens=sum(tokens[1] for tokens in spent),
        domain=domain,
    )


def _message(verdict: Verdict, finish: str) -> str:
    if verdict.reason in _SAYS:
        return _SAYS[verdict.reason]
    if verdict.reason.startswith("blocked"):
        return f"gemini blocked the answer: {finish}"
    if finish == "STOP":
        return "gemini answered with no text"
    return f"gemini did not finish: {finish or 'no finish reason'}"


def _finish(response: types.GenerateContentResponse) -> str:
    if not response.candidates:
        return ""
    reason = response.candidates[0].finish_reason
    return str(reason.value) if reason is not None else ""


def _tokens(response: types.GenerateContentResponse) -> tuple[int, int]:
    usage = response.usage_metadata
    if usage is None:
        return 0, 0
    # Thoughts are billed as output.
    written = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    return usage.prompt_token_count or 0, written
