"""What may be narrated: speech that is there, is heard, and is about as long as its text."""

import math

import numpy as np

from services.narrator.samples import Samples
from shared.errors import BadSpeechError

# Quieter than any speech, louder than what a provider's encoder makes of silence.
QUIETEST_DB = -60.0

# Voices differ by half; numbers, and kanji to a voice that cannot read them, take longer to say
# than to write. Beyond these, speech was cut off, or goes round in circles.
SHORTEST, LONGEST = 0.3, 5.0
# What a word or two may last, whatever its length.
SLACK_SECONDS = 4.0


def check(samples: Samples, sample_rate: int, *, expected_seconds: float) -> None:
    """Let good speech pass.

    Raises:
        BadSpeechError: it is empty, silent, or too short or long for its text.
    """
    if not len(samples):
        raise BadSpeechError("the speech is empty")
    if (loudness := _decibels(samples)) < QUIETEST_DB:
        raise BadSpeechError(f"the speech is silent ({loudness:.0f} dBFS)")
    seconds = len(samples) / sample_rate
    if seconds < SHORTEST * expected_seconds:
        raise BadSpeechError(_unlikely("short", seconds, expected_seconds))
    if seconds > LONGEST * expected_seconds + SLACK_SECONDS:
        raise BadSpeechError(_unlikely("long", seconds, expected_seconds))


def _decibels(samples: Samples) -> float:
    root = math.sqrt(float(np.mean(np.square(samples, dtype=np.float32))))
    return 20 * math.log10(max(root, 1e-9) / 32_768)


def _unlikely(what: str, seconds: float, expected: float) -> str:
    return f"the speech is too {what} for its text: {seconds:.1f} s, about {expected:.1f} expected"
