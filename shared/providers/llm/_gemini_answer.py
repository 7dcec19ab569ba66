"""What a Gemini answer holds: a text, or the reason why there is none."""

from google.genai import types

from shared.errors import PipelineError, RefusedError, TransientError
from shared.providers.llm.base import Completion

# The model understood and will not write it. Another try or another key would not help.
_BLOCKED = (
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "SPII",
    "RECITATION",
    "LANGUAGE",
    "MODEL_ARMOR",
    "ESCALATION",
)
_REFUSALS = {
    "MAX_TOKENS": "gemini's answer does not fit its output limit: ask for less at once",
    "PUP_LIMITED_DISABLED": "gemini disabled this account: see AI Studio",
} | {reason: f"gemini blocked the answer: {reason}" for reason in _BLOCKED}


def ran_out(response: types.GenerateContentResponse) -> bool:
    """Return whether the answer was cut off by the cap on output tokens."""
    return _finish(response) == "MAX_TOKENS"


def read(
    response: types.GenerateContentResponse,
    *,
    asked: str,
    wasted: types.GenerateContentResponse | None = None,
) -> Completion:
    """Return the answer.

    Args:
        response: What Gemini said.
        asked: The model that was asked, where the answer does not name one.
        wasted: An earlier answer to the same question, unusable but paid for.

    Raises:
        RefusedError: it was blocked, or does not fit.
        TransientError: it is empty or unfinished; another try may do better.
    """
    text = response.text
    problem = _problem(response)
    if problem is not None:
        raise problem
    if not text or not text.strip():
        raise TransientError("gemini answered with no text")
    spent = [_tokens(each) for each in (response, wasted) if each is not None]
    return Completion(
        text=text,
        model=response.model_version or asked,
        input_tokens=sum(tokens[0] for tokens in spent),
        output_tokens=sum(tokens[1] for tokens in spent),
    )


def _problem(response: types.GenerateContentResponse) -> PipelineError | None:
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        return RefusedError(f"gemini blocked the prompt: {feedback.block_reason.value}")
    finish = _finish(response)
    if finish in _REFUSALS:
        return RefusedError(_REFUSALS[finish])
    if finish != "STOP":
        # An answer that does not say that it is finished may have been cut off anywhere.
        return TransientError(f"gemini did not finish: {finish or 'no candidates'}")
    return None


def _finish(response: types.GenerateContentResponse) -> str:
    if not response.candidates:
        return ""
    reason = response.candidates[0].finish_reason
    return str(reason.value) if reason is not None else "no finish reason"


def _tokens(response: types.GenerateContentResponse) -> tuple[int, int]:
    usage = response.usage_metadata
    if usage is None:
        return 0, 0
    # Thoughts are billed as output.
    written = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    return usage.prompt_token_count or 0, written
