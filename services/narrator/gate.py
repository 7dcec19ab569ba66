"""What may be narrated: speech that is there, is heard, is whole, and says everything once."""

import re

import numpy as np

from services.narrator import pace, repetition
from services.narrator.loudness import Wave
from services.narrator.samples import Samples
from shared.errors import BadSpeechError

# Quieter than any speech, louder than what a provider's encoder makes of silence.
QUIETEST_DB = -60.0

# Voices differ by half; numbers, and kanji to a voice that cannot read them, take longer to say
# than to write. Beyond these, speech was cut off, or goes round in circles.
SHORTEST, LONGEST = 0.4, 5.0
# What a word or two may last, whatever its length.
SLACK_SECONDS = 4.0

# Of calibrated speech in 20 languages a quarter is pauses at most, half a second the longest.
_PAUSE_DB = -35.0
_MOST_PAUSES, _LONGEST_PAUSE = 0.6, 5.0

# Full scale now and then is a loud voice; this share of samples at it is a broken one.
_FULL_SCALE, _MOST_CLIPPED = 32_700, 0.002

# Speech fades; what is about as loud at its very end as at its loudest was cut in a word.
_ABRUPT_DB = -3.0

# Stretches that are so alike, and longer than any that the text has twice, are one mistake.
_ALIKE = 0.91
_STRETCH_SECONDS, _LONGER_THAN_TEXT, _BEYOND_TEXT = 2.0, 1.3, 0.8

# What is said twice makes speech longer than the voice takes for its text. Without that, likeness
# is the text's own, or a voice's that says many things alike.
_ROOM, _ROOM_UNKNOWN = 1.08, 1.15

_FRAME_SECONDS = 0.01

_DIGIT = re.compile(r"\d")
_KANA, _KANJI = re.compile(r"[\u3041-\u30ff]"), re.compile(r"[\u4e00-\u9fff]")


def check(
    samples: Samples,
    sample_rate: int,
    text: str,
    *,
    expected_seconds: float,
    usual: float | None = None,
) -> None:
    """Let good speech pass.

    Args:
        samples: The speech.
        sample_rate: How many samples a second has.
        text: What it is to say.
        expected_seconds: What its language takes for that.
        usual: How many times as long this voice is known to take.

    Raises:
        BadSpeechError: it is empty, silent, too short or long for its text, clipped, cut off,
            mostly pauses, or says something twice. The message says which.
    """
    if not len(samples):
        raise BadSpeechError("the speech is empty")
    levels = _levels(samples, sample_rate)
    if (loudness := _mean(levels)) < QUIETEST_DB:
        raise BadSpeechError(f"the speech is silent ({loudness:.0f} dBFS)")
    _check_length(len(samples) / sample_rate, expected_seconds, usual)
    if (clipped := float(np.mean(np.abs(samples.astype(np.int32)) >= _FULL_SCALE))) > _MOST_CLIPPED:
        raise BadSpeechError(f"the speech is clipped ({clipped:.1%} of it at full scale)")
    _check_pauses(levels)
    if _has_room(len(samples) / sample_rate, expected_seconds, usual):
        _check_repetition(samples, sample_rate, text)


def _check_length(seconds: float, expected: float, usual: float | None) -> None:
    shortest, longest = SHORTEST * expected, LONGEST * expected + SLACK_SECONDS
    likely = expected
    if usual is not None:
        likely = expected * usual
        shortest, longest = pace.limits(likely)
    if seconds < shortest:
        raise BadSpeechError(_unlikely("short", seconds, likely))
    if seconds > longest:
        raise BadSpeechError(_unlikely("long", seconds, likely))


def _check_pauses(levels: Wave) -> None:
    loud = float(np.percentile(levels, 95))
    quiet = levels < loud + _PAUSE_DB
    if (share := float(quiet.mean())) > _MOST_PAUSES:
        raise BadSpeechError(f"the speech is mostly silence ({share:.0%} of it)")
    # Where the loud frames are, pauses are what lies between.
    heard = np.flatnonzero(~quiet)
    longest = float(np.diff(heard, prepend=-1, append=len(quiet)).max()) * _FRAME_SECONDS
    if longest > _LONGEST_PAUSE:
        raise BadSpeechError(f"the speech has a pause of {longest:.1f} s")
    # A hum has no pauses, and ends as it began.
    if quiet.any() and float(levels[-2:].mean()) > loud + _ABRUPT_DB:
        raise BadSpeechError("the speech ends in the middle of a word")


def _has_room(seconds: float, expected: float, usual: float | None) -> bool:
    """Return whether speech is long enough to hold something that is not in its text."""
    if usual is None:
        return seconds > _ROOM_UNKNOWN * expected
    return seconds > _ROOM * expected * usual


def _check_repetition(samples: Samples, sample_rate: int, text: str) -> None:
    seconds = len(samples) / sample_rate
    text = _spelled(text)
    own = repetition.repeated_characters(text) * seconds / len(text)
    stretch = max(_STRETCH_SECONDS, _LONGER_THAN_TEXT * own + _BEYOND_TEXT)
    if repetition.likeness(samples, sample_rate, stretch) > _ALIKE:
        raise BadSpeechError(f"the speech says {stretch:.1f} s of it twice")


def _spelled(text: str) -> str:
    # A digit is a word, and a voice that cannot read kanji says the same long words for each.
    text = _DIGIT.sub(lambda digit: digit[0] * 6, text)
    return _KANJI.sub("字字字字", text) if _KANA.search(text) else text


def _levels(samples: Samples, sample_rate: int) -> Wave:
    size = min(len(samples), round(_FRAME_SECONDS * sample_rate))
    # To the very end: the first frame may lack some samples, the last must not.
    whole = samples[len(samples) % size :].reshape(-1, size).astype(np.float32) / 32_768
    levels: Wave = 10 * np.log10(np.square(whole).mean(1) + 1e-10)
    return levels


def _mean(levels: Wave) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels / 10))))


def _unlikely(what: str, seconds: float, expected: float) -> str:
    return f"the speech is too {what} for its text: {seconds:.1f} s, about {expected:.1f} expected"
