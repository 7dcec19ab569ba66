import numpy as np
import pytest

from services.narrator import gate
from services.narrator.samples import Samples, silence
from shared.errors import BadSpeechError
from tests.support.sound import sine

TEXT = "Era uma vez uma abelha que não sabia voar, mas queria muito ver as flores."


def _speech(seconds: float, *, seed: int = 7, sample_rate: int = 24_000) -> Samples:
    # Words of noise, each of its own colour, with pauses between them.
    chance = np.random.default_rng(seed)
    words: list[Samples] = []
    while sum(map(len, words)) < seconds * sample_rate:
        length = int(chance.uniform(0.12, 0.5) * sample_rate)
        time = np.arange(length) / sample_rate
        tones = sum(np.sin(2 * np.pi * each * time) for each in chance.uniform(120, 4_000, 3))
        word = np.hanning(length) * tones * chance.uniform(1_500, 5_000)
        words += [
            word.astype(np.int16),
            np.zeros(int(chance.uniform(0.02, 0.15) * sample_rate), np.int16),
        ]
    return np.concatenate(words)[: round(seconds * sample_rate)]


@pytest.mark.parametrize("samples", [sine(6), sine(30), _speech(6), _speech(10), _speech(30)])
def test_speech_of_about_the_length_of_its_text_passes(samples: Samples) -> None:
    gate.check(np.append(samples, silence(0.1)), 24_000, TEXT, expected_seconds=10)


GOOD = _speech(10)
BROKEN = {
    "empty": (sine(0), "empty"),
    "silent": (silence(10), "silent"),
    "hardly a sound": (np.full(240_000, 5, np.int16), "silent"),
    "cut off": (sine(1), r"too short .* 1.0 s, about 10.0"),
    "round in circles": (sine(70), "too long"),
    "mostly silence": (np.append(_speech(3), silence(7)), "mostly silence"),
    "a long pause": (np.concatenate([_speech(6), silence(6), _speech(6, seed=8)]), "pause of 6"),
    "clipped": (np.clip(GOOD.astype(np.int32) * 20, -32_768, 32_767).astype(np.int16), "clipped"),
    "cut in a word": (np.append(GOOD, sine(0.2) * 2), "middle of a word"),
    "a stretch twice": (np.concatenate([GOOD, GOOD[72_000:168_000], silence(0.2)]), "twice"),
}


@pytest.mark.parametrize(("samples", "reason"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_speech_is_refused(samples: Samples, reason: str) -> None:
    with pytest.raises(BadSpeechError, match=reason):
        gate.check(samples, 24_000, TEXT, expected_seconds=10)


def test_a_word_may_take_its_time() -> None:
    gate.check(sine(3), 24_000, "Sim.", expected_seconds=0.3)


def test_what_a_text_says_twice_may_be_heard_twice() -> None:
    refrain = _speech(5)
    song = np.concatenate([refrain, silence(0.3), refrain, silence(0.3)])

    gate.check(song, 24_000, f"{TEXT} {TEXT}", expected_seconds=10)


def test_a_voice_whose_pace_is_known_is_held_to_it() -> None:
    good = np.append(_speech(10), silence(0.1))

    gate.check(good, 24_000, TEXT, expected_seconds=5, usual=2.0)
    with pytest.raises(BadSpeechError, match="too short"):
        gate.check(good, 24_000, TEXT, expected_seconds=8, usual=2.0)
    with pytest.raises(BadSpeechError, match="too long"):
        gate.check(good, 24_000, TEXT, expected_seconds=5, usual=1.0)


def test_a_voice_that_says_many_things_alike_is_let_pass() -> None:
    word = np.sin(np.arange(12_000) * 0.1) * np.repeat(np.random.default_rng(3).random(60), 200)
    samples = np.tile((word * 9_000).astype(np.int16), 24)
    text = "O mar guarda nomes antigos; quem passa por ali, de tarde, ouve vozes baixas e sinos."

    gate.check(samples, 24_000, text, expected_seconds=12.0, usual=1.0)
    with pytest.raises(BadSpeechError, match="twice"):
        gate.check(samples, 24_000, text, expected_seconds=10.0, usual=1.0)
