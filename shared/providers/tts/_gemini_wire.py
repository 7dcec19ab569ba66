"""Gemini's speech API: what is sent, and what comes back."""

import re

from google.genai import types

from shared.catalogue import Voice
from shared.errors import BadSpeechError
from shared.providers.tts import _decoding
from shared.providers.tts.base import Speech
from shared.quota import ProviderError, Verdict, outcomes

BETA = "v1beta"

# Before 3.8, a voice is asked for in other words, and how to speak is part of the text.
_OLD = ("gemini-2.", "gemini-3.1")
_RATE = re.compile(r"rate=(\d+)")
_SAMPLE_RATE = 24_000


def takes_style(model: str) -> bool:
    """Return whether `model` takes direction beside the text, and not inside it."""
    return not model.startswith(_OLD)


def contents(text: str, voice: Voice, style: str) -> types.Content:
    """Return what is to be spoken. `style` is dropped where it would have to be spoken too."""
    part = types.Part(text=text)
    if style and takes_style(voice.model):
        part.speech_metadata = types.SpeechMetadata(style=style)
    return types.Content(role="user", parts=[part])


def config(voice: Voice, options: types.HttpOptions) -> types.GenerateContentConfig:
    """Return how it is to be spoken. The language is not said: the model hears it."""
    if takes_style(voice.model):
        who = types.VoiceConfig(voice=voice.name)
    else:
        old = types.PrebuiltVoiceConfig(voice_name=voice.name)
        who = types.VoiceConfig(prebuilt_voice_config=old)
    return types.GenerateContentConfig(
        response_modalities=["AUDIO"],
        speech_config=types.SpeechConfig(voice_config=who),
        http_options=options,
    )


def speech(answer: types.GenerateContentResponse, asked: str, domain: str) -> Speech:
    """Return what was spoken.

    Raises:
        ProviderError: it was blocked, or the account is.
        BadSpeechError: it is cut off, or there is no audio; another try may do better.
    """
    feedback = answer.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        reason = feedback.block_reason.value
        message = f"gemini will not speak this text: {reason}"
        raise ProviderError(outcomes.PROMPT_BLOCKED, message)
    blobs = _blobs(answer)
    finish = _finish(answer)
    if finish == "MAX_TOKENS":
        raise BadSpeechError("gemini: the speech is cut off at the model's limit")
    verdict = outcomes.finished(finish, empty=not blobs)
    if verdict is not None:
        raise _unfinished(verdict, finish)
    pcm, sample_rate = _samples(blobs)
    usage = answer.usage_metadata
    return Speech(
        pcm=pcm,
        sample_rate=sample_rate,
        model=answer.model_version or asked,
        domain=domain,
        input_tokens=(usage.prompt_token_count or 0) if usage else 0,
        output_tokens=(usage.candidates_token_count or 0) if usage else 0,
    )


def is_unknown_field(error: ProviderError) -> bool:
    """Return whether this version of the API does not know what it was asked."""
    return error.verdict.reason == "bad_request_400" and "Unknown name" in str(error)


def _unfinished(verdict: Verdict, finish: str) -> Exception:
    if verdict.reason == "no_answer":
        return BadSpeechError(f"gemini: the answer holds no audio ({finish or 'no reason given'})")
    message = f"gemini did not speak: {verdict.reason} ({finish or 'no reason given'})"
    return ProviderError(verdict, message)


def _blobs(answer: types.GenerateContentResponse) -> list[types.Blob]:
    content = answer.candidates[0].content if answer.candidates else None
    parts = (content.parts if content else None) or []
    return [part.inline_data for part in parts if part.inline_data and part.inline_data.data]


def _finish(answer: types.GenerateContentResponse) -> str:
    reason = answer.candidates[0].finish_reason if answer.candidates else None
    return str(reason.value) if reason is not None else ""


def _samples(blobs: list[types.Blob]) -> tuple[bytes, int]:
    data = b"".join(blob.data or b"" for blob in blobs)
    # 3.8 answers with a file; older models, and streams, with samples and no header.
    if data.startswith(b"RIFF"):
        return _decoding.samples(data, by="gemini")
    found = _RATE.search(blobs[0].mime_type or "")
    return data[: len(data) // 2 * 2], int(found[1]) if found else _SAMPLE_RATE
