import dataclasses
from contextlib import nullcontext

import pytest

from services.narrator.pace import Paces
from services.narrator.takes import ATTEMPTS, Takes
from shared import catalogue
from shared.errors import (
    BadSpeechError,
    BrokenError,
    PipelineError,
    TimedOutError,
    TooLongError,
    TransientError,
)
from shared.providers.tts import Speech
from shared.quota import last_try
from tests.support.speech import FakeSpeech

TEXT = "A primeira frase é esta. A segunda frase vem logo depois."
FIRST, SECOND = "A primeira frase é esta.", "A segunda frase vem logo depois."


def silence(number: int) -> Speech:
    # Each a little longer: no two answers are the same, as a model's never are.
    return Speech(pcm=b"\0\0" * (48_000 + number), sample_rate=24_000)


class Stubborn(FakeSpeech):
    """Says something useless to what it is told to, the same every time."""

    def __init__(self, *useless: tuple[str, float]) -> None:
        super().__init__()
        self.useless = useless

    def _hum(self, text: str, rate: float) -> Speech:
        return silence(0) if (text, rate) in self.useless else super()._hum(text, rate)


class Limited(FakeSpeech):
    """Fails over what has more letters than it takes."""

    def __init__(self, error: PipelineError, most: int) -> None:
        super().__init__()
        self.error = error
        self.most = most

    def _hum(self, text: str, rate: float) -> Speech:
        if len(text) > self.most:
            raise self.error
        return super()._hum(text, rate)


def takes(speech: FakeSpeech, *, slower: bool = True, rate: float = 1.0) -> Takes:
    return Takes(
        provider=speech,
        voice=catalogue.voice("espeak:pt-BR"),
        rate=rate,
        pitch=0.0,
        style="",
        slower=slower,
        paces=Paces(),
    )


async def test_a_model_is_asked_again_as_long_as_it_says_something_else() -> None:
    speech = FakeSpeech(answers=[silence(n) for n in range(ATTEMPTS - 1)])

    await takes(speech).of(TEXT)

    assert [text for text, _, _ in speech.asked] == [TEXT] * ATTEMPTS


async def test_an_engine_that_says_the_same_again_is_asked_for_halves() -> None:
    speech = Stubborn((TEXT, 1.0))

    samples, sample_rate = await takes(speech).of(TEXT)

    assert [text for text, _, _ in speech.asked] == [TEXT, TEXT, FIRST, SECOND]
    assert len(samples) / sample_rate == pytest.approx(0.1 * (len(TEXT) - 1) + 0.25)


async def test_what_halves_do_not_heal_a_slower_pace_may() -> None:
    speech = Stubborn((TEXT, 1.0), (SECOND, 1.0))

    await takes(speech).of(TEXT)

    assert speech.asked[-1] == (TEXT, 0.93, 0.0)


async def test_halves_may_come_at_different_sample_rates() -> None:
    speech = Stubborn((TEXT, 1.0))
    hum = FakeSpeech()._hum(FIRST, 1.0)
    speech.answers = [silence(0), silence(0), dataclasses.replace(hum, sample_rate=24_001)]

    samples, sample_rate = await takes(speech).of(TEXT)

    assert (sample_rate, samples.dtype.name) == (24_000, "int16")


@pytest.mark.parametrize(("slower", "calls"), [(True, 5), (False, 4)])
async def test_what_nothing_heals_fails_with_what_was_wrong_at_first(
    slower: bool, calls: int
) -> None:
    speech = Stubborn((TEXT, 1.0), (FIRST, 1.0), (TEXT, 0.93))

    with pytest.raises(BadSpeechError, match="silent"):
        await takes(speech, slower=slower).of(TEXT)

    assert len(speech.asked) == calls


async def test_a_word_has_no_halves() -> None:
    speech = Stubborn(("Palavra", 1.0))

    await takes(speech).of("Palavra")

    assert [rate for _, rate, _ in speech.asked] == [1.0, 1.0, 0.93]


@pytest.mark.parametrize("error", [TooLongError("413"), TimedOutError("504")])
async def test_what_is_too_much_at_once_is_halved(error: PipelineError) -> None:
    speech = Limited(error, len(SECOND))

    samples, sample_rate = await takes(speech).of(TEXT)

    assert [text for text, _, _ in speech.asked] == [TEXT, FIRST, SECOND]
    assert len(samples) / sample_rate == pytest.approx(0.1 * (len(TEXT) - 1) + 0.25)


async def test_and_its_halves_again() -> None:
    speech = Limited(TooLongError("413"), len(FIRST))

    await takes(speech).of(TEXT)

    assert [text for text, _, _ in speech.asked] == [
        TEXT,
        FIRST,
        SECOND,
        "A segunda frase",
        "vem logo depois.",
    ]


async def test_not_for_ever() -> None:
    speech = Limited(TooLongError("413"), 0)

    with pytest.raises(TooLongError):
        await takes(speech).of(TEXT)

    # Once whole, and then one half of each half.
    assert len(speech.asked) == 4


@pytest.mark.parametrize(("last", "asked"), [(False, 1), (True, 3)])
async def test_what_breaks_a_provider_is_halved_only_where_it_would_fail(
    last: bool, asked: int
) -> None:
    speech = Limited(BrokenError("500"), len(SECOND))
    last_try.set(last)

    with nullcontext() if last else pytest.raises(TransientError):
        await takes(speech).of(TEXT)

    assert len(speech.asked) == asked
