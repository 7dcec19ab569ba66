import numpy as np
import pytest

from services.narrator import gate
from services.narrator.samples import silence
from shared.errors import BadSpeechError
from tests.support.sound import sine


@pytest.mark.parametrize("seconds", [6, 10, 30])
def test_speech_of_about_the_length_of_its_text_passes(seconds: float) -> None:
    gate.check(sine(seconds), 24_000, expected_seconds=10)


@pytest.mark.parametrize(
    ("samples", "reason"),
    [
        (sine(0), "empty"),
        (silence(10), "silent"),
        (np.full(240_000, 5, np.int16), "silent"),
        (sine(1), r"too short .* 1.0 s, about 10.0"),
        (sine(70), "too long"),
    ],
    ids=["empty", "silent", "hardly a sound", "cut off", "round in circles"],
)
def test_what_is_not_speech_is_refused(samples: np.ndarray, reason: str) -> None:
    with pytest.raises(BadSpeechError, match=reason):
        gate.check(samples, 24_000, expected_seconds=10)


def test_a_word_may_take_its_time() -> None:
    gate.check(sine(3), 24_000, expected_seconds=0.3)
