"""Asks before every call whether it may be made, and says afterwards what it cost."""

from shared.catalogue import Voice, prices
from shared.errors import BadSpeechError
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech
from shared.quota import calling
from shared.vocabulary import Usage

# Slow speech, and what a second of it counts for: an estimate that is too high only waits,
# or stops, a little early.
CHARACTERS_PER_SECOND = 8
TOKENS_PER_SECOND = 32
CHARACTERS_PER_TOKEN = 3


class Permitted:
    """A provider of speech that is called only where the work at hand may go on."""

    def __init__(self, inner: TextToSpeech) -> None:
        self._inner = inner
        self.name = inner.name

    def capabilities(self, voice: Voice) -> Capabilities:
        """Return what `voice` can do."""
        return self._inner.capabilities(voice)

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        """Speak `text`.

        Raises:
            StoppedError: the work may not go on, or its budget is used up.
        """
        seconds = len(text) / CHARACTERS_PER_SECOND / rate
        asked = Usage(
            provider=self.name,
            model=voice.model or self.capabilities(voice).model,
            calls=1,
            characters=len(text),
            audio_seconds=seconds,
            input_tokens=(len(text) + len(style)) // CHARACTERS_PER_TOKEN + 1,
            output_tokens=int(seconds * TOKENS_PER_SECOND) + 1,
        )
        async with calling(prices.cost(asked)) as call:
            try:
                speech = await self._inner.speak(
                    text, voice=voice, rate=rate, pitch=pitch, style=style
                )
            except BadSpeechError:
                # Useless, and billed.
                call.paid = asked
                raise
            call.paid = Usage(
                provider=self.name,
                model=speech.model or asked.model,
                calls=1,
                characters=len(text),
                audio_seconds=round(speech.seconds, 3),
                input_tokens=speech.input_tokens,
                output_tokens=speech.output_tokens,
                domain=speech.domain,
            )
            call.cost_usd = prices.cost(call.paid)
            return speech

    async def aclose(self) -> None:
        """Close what the client holds open."""
        await self._inner.aclose()
