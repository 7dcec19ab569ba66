"""A sine instead of a voice: instant, free, the same every time. For load tests."""

import array
import math
from functools import cache

from shared.catalogue import Voice, language
from shared.errors import BadSpeechError
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech

SAMPLE_RATE = 24_000
AMPLITUDE = 8_000
HERTZ = 220

CAPABILITIES = Capabilities(max_bytes=20_000, rate=True, pitch=True, concurrency=64, billable=False)


class Tone:
    """Hums for as long as somebody would take to read the text aloud."""

    name = "tone"

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - all tones are alike
        return CAPABILITIES

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,
        pitch: float = 0.0,
        style: str = "",  # noqa: ARG002 - it takes no direction
    ) -> Speech:
        if not (characters := len(text.strip())):
            raise BadSpeechError("tone: there is no text to speak")
        seconds = characters / language(voice.language).characters_per_second / rate
        second = _second(round(HERTZ * 2 ** (pitch / 12)))
        whole, rest = divmod(2 * round(seconds * SAMPLE_RATE), len(second))
        return Speech(pcm=second * whole + second[:rest], sample_rate=SAMPLE_RATE, model="sine")

    async def aclose(self) -> None:
        return None


@cache
def _second(hertz: int) -> bytes:
    # A whole number of periods, so that seconds join without a click.
    turn = 2 * math.pi * hertz / SAMPLE_RATE
    return array.array(
        "h", (round(AMPLITUDE * math.sin(turn * n)) for n in range(SAMPLE_RATE))
    ).tobytes()


def configured() -> bool:
    return True


def create() -> TextToSpeech:
    return Tone()
