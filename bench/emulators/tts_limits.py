"""What Cloud TTS refuses to say, in its words."""

from functools import cache
from typing import Any

from google.cloud.texttospeech_v1.types import cloud_tts

from bench.emulators.audio_files import ENCODINGS
from bench.emulators.problems import Problem
from shared import catalogue

_CLASSIC_BYTES = 5_000
_GEMINI_BYTES = 4_000


def family(voice: Any) -> str:
    """Return what a voice's quota is counted by: its model, or its generation."""
    if voice.model_name:
        return str(voice.model_name)
    return _families().get(voice.name) or "standard"


def check(request: Any) -> Problem | None:
    """Return why this request is refused, or None."""
    checks = (_language, _input, _length, _voice, _audio)
    return next((problem for each in checks if (problem := each(request))), None)


def too_long(field: str, limit: int) -> Problem:
    """Return the error of a text with too many bytes."""
    return _wrong(
        f"Either `input.text` or `input.ssml` is longer than the limit of {limit} bytes. This "
        "limit is different from quotas. To fix, reduce the byte length of the characters in "
        f"this request ({field}), or consider using the Long Audio API."
    )


def _wrong(said: str) -> Problem:
    return Problem(400, "INVALID_ARGUMENT", said)


def _language(request: Any) -> Problem | None:
    return None if request.voice.language_code else _wrong("Voice language code must be set.")


def _input(request: Any) -> Problem | None:
    given = request.input
    if not (given.text or given.ssml or given.markup):
        return _wrong("Input size limit exceeded or input is empty: set input.text or input.ssml.")
    if given.ssml and request.voice.model_name:
        return _wrong("SSML input is not supported by this model.")
    return None


def _length(request: Any) -> Problem | None:
    given, limit = request.input, _CLASSIC_BYTES
    if request.voice.model_name:
        limit = _GEMINI_BYTES
        if len(given.prompt.encode()) > limit:
            return too_long("input.prompt", limit)
    said = given.text or given.ssml or given.markup
    return too_long("input", limit) if len(said.encode()) > limit else None


def _voice(request: Any) -> Problem | None:
    voice = request.voice
    if voice.name and voice.name not in _families():
        return _wrong(f"Voice '{voice.name}' does not exist. Is it misspelled?")
    code = voice.name.lower()
    speaks_all = not voice.name or voice.model_name
    if not speaks_all and not code.startswith(f"{voice.language_code.lower()}-"):
        return _wrong(
            f"Requested language code '{voice.language_code}' doesn't match the voice "
            f"'{voice.name}''s language code."
        )
    return None


def _audio(request: Any) -> Problem | None:
    config = request.audio_config
    name = cloud_tts.AudioEncoding(config.audio_encoding).name
    rate, pitch = config.speaking_rate or 1.0, config.pitch
    flat = request.voice.model_name or family(request.voice).startswith("chirp")
    wrong = (
        (name not in ENCODINGS, f"Unsupported audio encoding: {name}."),
        (not 0.25 <= rate <= 2.0, f"Invalid speaking_rate {rate}: it is from 0.25 to 2.0."),
        (not -20 <= pitch <= 20, f"Invalid pitch {pitch}: it is from -20.0 to 20.0."),
        (pitch and flat, "This voice does not support pitch parameters at this time."),
    )
    return next((_wrong(said) for is_wrong, said in wrong if is_wrong), None)


@cache
def _families() -> dict[str, str]:
    return {each.name: each.family for each in catalogue.voices(provider="google")}
