import numpy as np
import pytest

from shared import catalogue
from shared.errors import BadSpeechError
from shared.providers import tts

VOICE = catalogue.voice("tone:pt-BR")


async def test_lasts_as_long_as_the_text_takes_to_read() -> None:
    tone = tts.create("tone")

    short = await tone.speak("a" * 100, voice=VOICE)
    long = await tone.speak("a" * 300, voice=VOICE)
    fast = await tone.speak("a" * 300, voice=VOICE, rate=2.0)

    pace = catalogue.language("pt-BR").characters_per_second
    assert short.seconds == pytest.approx(100 / pace, abs=0.001)
    assert long.seconds == pytest.approx(3 * short.seconds, abs=0.001)
    assert fast.seconds == pytest.approx(long.seconds / 2, abs=0.001)


async def test_says_the_same_every_time() -> None:
    first = await tts.create("tone").speak("Olá", voice=VOICE)
    second = await tts.create("tone").speak("Olá", voice=VOICE)

    assert first == second


async def test_hums_at_the_pitch_asked_for() -> None:
    speech = await tts.create("tone").speak("a" * 100, voice=VOICE, pitch=12)

    second = np.frombuffer(speech.pcm, np.int16)[: speech.sample_rate]
    assert int(np.abs(np.fft.rfft(second)).argmax()) == 440


async def test_refuses_to_hum_nothing() -> None:
    with pytest.raises(BadSpeechError):
        await tts.create("tone").speak("  ", voice=VOICE)


def test_costs_nothing() -> None:
    assert not tts.create("tone").capabilities(VOICE).billable
