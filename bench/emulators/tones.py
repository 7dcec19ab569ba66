"""Speech without words: a tone that hums each word of a text for about as long as it takes.

Equal words sound equal and different words do not, so that a text said twice sounds twice, as it
does with real speech, and what is cut off or said over can be told from what is not.
"""

import re
import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.emulators.kinds import Kind
from shared import catalogue
from shared.errors import InvalidRequestError

Samples = NDArray[np.int16]

RATE = 24_000
# Peaks near -8 dBFS; the mean about -20, as speech has it.
_LEVEL = 13_000
_USUAL_PACE = 14.0
_PACES = (
    (re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"), 4.8),
    (re.compile("[\uac00-\ud7af]"), 5.5),
    (re.compile("[\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]"), 11.0),
    (re.compile("[\u0590-\u07ff]"), 10.0),
    (re.compile("[\u0900-\u0dff]"), 12.0),
)
# Words; where none are written, a few signs at a time.
_WORDS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]{1,4}|[^\W\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]+"
    r"['\u2019\w]*|[^\w\s]+|\s+"
)
_ENDS = re.compile("[.!?\u2026\u3002\uff01\uff1f\u0964\u06d4]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a text is said.

    Attributes:
        language: Its tag, where it is known; it decides the pace.
        voice: Its name decides how high the tone is.
        rate: 2.0 is twice as fast; `pitch` is in semitones, `gain` in decibels.
    """

    language: str = ""
    voice: str = ""
    rate: float = 1.0
    pitch: float = 0.0
    gain: float = 0.0
    sample_rate: int = RATE


def speak(text: str, manner: Manner) -> Samples:
    """Return `text` as mono samples."""
    said = text.strip() or "."
    pace = _pace(said, manner.language) * manner.rate
    manner = replace(manner, language="")
    pieces = [_word(piece, pace, manner) for piece in _WORDS.findall(said)]
    whole = np.concatenate([_pause(0.06, manner), *pieces, _pause(0.12, manner)])
    if not manner.gain:
        return whole
    louder = whole.astype(np.float32) * 10 ** (manner.gain / 20)
    return np.asarray(np.clip(louder, -32_768, 32_767), dtype=np.int16)


def spoil(samples: Samples, kind: Kind | None, *, keep: float, times: int) -> Samples:
    """Return what a fault makes of good speech."""
    match kind:
        case Kind.SILENT:
            samples = np.zeros_like(samples)
        case Kind.TRUNCATED:
            samples = samples[: max(1, int(len(samples) * keep))]
        case Kind.REPEATED:
            samples = np.tile(samples, times)
        case Kind.EMPTY:
            samples = samples[:0]
    return samples


def _pace(text: str, language: str) -> float:
    if language:
        try:
            return catalogue.language(language).characters_per_second
        except InvalidRequestError:
            pass
    letters = sum(map(str.isalpha, text)) or 1
    for script, pace in _PACES:
        if len(script.findall(text)) > 0.3 * letters:
            return pace
    return _USUAL_PACE


@lru_cache(maxsize=4_096)
def _word(piece: str, pace: float, manner: Manner) -> Samples:
    seconds = len(piece) / pace
    if not piece[0].isalnum() and not piece.isalpha():
        return _pause(seconds + (0.15 if _ENDS.search(piece) else 0.0), manner)
    time = np.arange(max(1, int(seconds * manner.sample_rate)), dtype=np.float32)
    time /= manner.sample_rate
    number = zlib.crc32(piece.lower().encode())
    tone = _height(manner) * (0.92 + 0.16 * (number % 97) / 97)
    phase = 2 * np.pi * tone * (time + 0.0008 * np.sin(2 * np.pi * 5.2 * time))
    wave: Any = np.zeros_like(time)
    for overtone in range(1, 9):
        strength = (1 + (number >> overtone & 7)) / (4.0 + overtone * overtone)
        wave += strength * np.sin(overtone * phase)
    # One swell per syllable, about three letters each.
    syllables = max(1, round(len(piece) / 3)) if pace > 7 else len(piece)
    swell = 0.35 + 0.65 * np.abs(np.sin(np.pi * syllables * time / seconds))
    wave *= swell * np.minimum(1, np.minimum(time, time[-1] - time + 1e-4) / 0.008)
    peak = float(np.max(np.abs(wave))) or 1.0
    return np.asarray(wave * (_LEVEL / peak), dtype=np.int16)


def _height(manner: Manner) -> float:
    hertz = 105 + zlib.crc32(manner.voice.encode()) % 110
    return float(hertz * 2 ** (manner.pitch / 12))


def _pause(seconds: float, manner: Manner) -> Samples:
    return np.zeros(int(seconds * manner.sample_rate), dtype=np.int16)
