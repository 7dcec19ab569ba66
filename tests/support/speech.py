"""A text-to-speech provider for tests: hums, and fails where it is told to."""

import asyncio
from collections.abc import Iterable

from shared.catalogue import Voice
from shared.errors import PipelineError
from shared.providers.tts import Capabilities, Speech
from tests.support.sound import sine


class FakeSpeech:
    """Speaks a tenth of a second a character; keeps what it was asked."""

    name = "fake"

    def __init__(
        self, can: Capabilities | None = None, answers: Iterable[PipelineError | Speech] = ()
    ) -> None:
        self.can = can or Capabilities(max_bytes=4_800, rate=True, pitch=True)
        self.answers = list(answers)
        self.asked: list[tuple[str, float, float]] = []
        self.open_calls = 0
        self.most_open_calls = 0
        self.closed = False

    def capabilities(self, voice: Voice) -> Capabilities:
        return self.can

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        self.asked.append((text, rate, pitch))
        self.open_calls += 1
        self.most_open_calls = max(self.most_open_calls, self.open_calls)
        await asyncio.sleep(0.001)
        self.open_calls -= 1
        answer = self.answers.pop(0) if self.answers else self._hum(text, rate)
        if isinstance(answer, PipelineError):
            raise answer
        return answer

    async def aclose(self) -> None:
        self.closed = True

    def _hum(self, text: str, rate: float) -> Speech:
        seconds = 0.1 * len(text) / rate
        return Speech(pcm=sine(seconds).tobytes(), sample_rate=24_000, model="fake-1")
