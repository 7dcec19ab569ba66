"""Cloud Text-to-Speech, whichever way it is asked: what it refuses, and what it says."""

import asyncio
import html
import re
from functools import cache
from typing import Any

from google.cloud.texttospeech_v1.types import cloud_tts

from bench.emulators import problems, tts_limits
from bench.emulators.audio_files import encode
from bench.emulators.calls import fingerprint
from bench.emulators.desk import Admission, Asked, Desk
from bench.emulators.kinds import ERRORS, Kind
from bench.emulators.problems import Problem
from bench.emulators.tones import RATE, Manner, Samples, speak, spoil
from shared import catalogue

SERVICE = "texttospeech.googleapis.com"
_TAGS = re.compile(r"<[^>]*>|\[pause(?: short| long)?\]")
_BLOCKED = (
    Kind.BLOCKED_PROMPT,
    Kind.SAFETY,
    Kind.RECITATION,
    Kind.LANGUAGE,
    Kind.ACCOUNT_DISABLED,
)
_CUT = (Kind.MAX_TOKENS, Kind.UNFINISHED)
_NOTHING = (Kind.NO_CANDIDATES, Kind.THOUGHTS_ONLY, Kind.OTHER)
_GENDERS = {"male": 1, "female": 2, "neutral": 3}


def asked(request: Any, key: str, operation: str = "synthesize") -> Asked:
    """Return what a SynthesizeSpeechRequest is about."""
    text = said(request)
    return Asked(
        provider="tts",
        operation=operation,
        model=tts_limits.family(request.voice),
        key=key,
        fingerprint=fingerprint("tts", cloud_tts.SynthesizeSpeechRequest.to_dict(request)),
        text=text,
        amount=len(text),
        answerable=tts_limits.check(request) is None,
    )


def said(request: Any) -> str:
    """Return the words of a request, without its markup."""
    given = request.input
    if given.ssml:
        return html.unescape(_TAGS.sub(" ", given.ssml))
    return _TAGS.sub(" ", given.markup) if given.markup else str(given.text)


def refusal(request: Any, admission: Admission) -> Problem | None:
    """Return why a request is not answered: a fault, a quota or what it asks for."""
    return failure(admission) or tts_limits.check(request)


def failure(admission: Admission) -> Problem | None:
    """Return the error a fault or a quota makes, where it makes one."""
    kind = admission.kind
    if kind in _BLOCKED:
        said = "The request was blocked by the safety filters of the model."
        return Problem(400, "INVALID_ARGUMENT", said)
    if kind is Kind.TOO_LONG:
        return tts_limits.too_long("text", 5_000)
    return _failure(kind, admission) if kind in ERRORS and kind is not None else None


async def synthesized(desk: Desk, request: Any, kind: Kind | None) -> bytes:
    """Return the audio of a request, spoilt by `kind`."""
    return await asyncio.to_thread(_synthesized, desk, request, kind)


def samples(desk: Desk, request: Any, kind: Kind | None) -> Samples:
    """Return what is heard."""
    config, behaviour = request.audio_config, desk.behaviour
    manner = Manner(
        language=request.voice.language_code,
        voice=request.voice.name,
        rate=config.speaking_rate or 1.0,
        pitch=config.pitch,
        gain=config.volume_gain_db,
        sample_rate=config.sample_rate_hertz or RATE,
    )
    fault = Kind.TRUNCATED if kind in _CUT else kind
    good = speak(said(request), manner)
    return spoil(good, fault, keep=behaviour.truncated_to, times=behaviour.repeated_times)


@cache
def voices() -> tuple[Any, ...]:
    """Return every voice, as ListVoices does: the newest ones as if they spoke only English."""
    known: dict[str, Any] = {}
    for each in catalogue.voices(provider="google"):
        language = "en-US" if each.model else each.language
        known.setdefault(
            each.name,
            cloud_tts.Voice(
                name=each.name,
                language_codes=[language],
                ssml_gender=_GENDERS.get(each.gender, 0),
                natural_sample_rate_hertz=RATE,
            ),
        )
    return tuple(known.values())


def voices_of(language: str) -> list[Any]:
    """Return the voices of a language: of its every region where it names none."""
    return [
        voice
        for voice in voices()
        if not language
        or any(f"{code}-".startswith(f"{language}-") for code in voice.language_codes)
    ]


def _failure(kind: Kind, admission: Admission) -> Problem:
    call = admission.call
    if problems.is_quota(kind):
        return problems.tts_quota(problems.limit(admission), call.model, call.project)
    return problems.general(kind, SERVICE, call.model)


def _synthesized(desk: Desk, request: Any, kind: Kind | None) -> bytes:
    if kind is Kind.GARBAGE:
        return b"<html>Bad gateway</html>"
    if kind in _NOTHING:
        return b""
    heard = samples(desk, request, kind)
    rate = request.audio_config.sample_rate_hertz or RATE
    return encode(heard, rate, cloud_tts.AudioEncoding(request.audio_config.audio_encoding).name)
