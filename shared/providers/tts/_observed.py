"""A voice provider that tells what it is asked, how long it takes and how much it speaks."""

from opentelemetry import trace

from shared.catalogue import Voice
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech
from shared.telemetry import calls

OPERATION = "text_to_speech"

tracer = trace.get_tracer("bolt.tts")


class Observed:
    """A provider, observed. Texts are never told: they are the user's."""

    def __init__(self, inner: TextToSpeech) -> None:
        self._inner = inner
        self.name = inner.name

    def capabilities(self, voice: Voice) -> Capabilities:
        """Return what `voice` can do."""
        return self._inner.capabilities(voice)

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        """Speak `text`."""
        model = voice.model or self._inner.capabilities(voice).model
        span = tracer.start_as_current_span(
            f"{OPERATION} {model or self.name}",
            kind=trace.SpanKind.CLIENT,
            attributes={"gen_ai.output.type": "speech", "bolt.voice": voice.id},
        )
        with span as told, calls.operation(OPERATION, self.name, model) as operation:
            told.set_attributes(operation.labels)
            speech = await self._inner.speak(text, voice=voice, rate=rate, pitch=pitch, style=style)
            told.set_attributes(
                {"bolt.tts.characters": len(text), "bolt.audio.seconds": speech.seconds}
            )
            calls.tokens(operation, read=speech.input_tokens, written=speech.output_tokens)
            calls.spoken(self.name, model, characters=len(text), seconds=speech.seconds)
            return speech

    async def aclose(self) -> None:
        """Close what the client holds open."""
        await self._inner.aclose()
