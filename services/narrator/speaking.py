"""Has segments spoken: each one once, however many narrations it is part of."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.narrator import flac
from services.narrator.cast import Cast
from services.narrator.pace import Paces
from services.narrator.segments import Segment
from services.narrator.takes import Takes
from shared.artefacts import Artefacts, fingerprint
from shared.catalogue import Voice
from shared.errors import PipelineError, TransientError
from shared.providers.tts import Capabilities
from shared.vocabulary import ArtefactRef

# Raise it when what passed before would not pass now, or is stored otherwise.
KIND = "speech/3"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Who speaks, and how.

    Attributes:
        can: What the voice does by itself; the rest is done to its speech afterwards, so that
            one stored speech serves every pace and pitch.
    """

    voice: Voice
    can: Capabilities
    rate: float = 1.0
    pitch: float = 0.0
    style: str = ""

    @property
    def asked(self) -> tuple[float, float]:
        """Return the rate and pitch that the voice itself is asked for."""
        return (self.rate if self.can.rate else 1.0), (self.pitch if self.can.pitch else 0.0)

    @property
    def direction(self) -> str:
        """Return how the voice is told to speak, in words."""
        return self.style.strip() if self.can.style else ""

    @property
    def made(self) -> tuple[float, float]:
        """Return the rate and pitch that its speech is given afterwards."""
        return (1.0 if self.can.rate else self.rate), (0.0 if self.can.pitch else self.pitch)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Speaks segments side by side, as many at once as their provider likes."""

    artefacts: Artefacts
    cast: Cast
    paces: Paces = field(default_factory=Paces)

    async def delivery(
        self, voice: Voice, *, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Delivery:
        """Return how `voice` will speak."""
        provider = await self.cast.provider(voice.provider)
        return Delivery(voice, provider.capabilities(voice), rate, pitch, style)

    async def speak(self, segments: Sequence[Segment], delivery: Delivery) -> list[ArtefactRef]:
        """Return where the speech of each segment lies, as FLAC.

        Raises:
            BadSpeechError: a voice keeps saying what cannot be used.
            RefusedError: a provider will not speak this.
            TransientError: a provider is busy or unreachable.
        """
        work = _Work(self, delivery)
        refs = await asyncio.gather(*(work.speech(segment.spoken) for segment in segments))
        if work.failures:
            # One that no retry can heal says more than one that a retry might.
            raise min(work.failures, key=lambda error: isinstance(error, TransientError))
        return [ref for ref in refs if ref is not None]


@dataclass(frozen=True, slots=True)
class _Work:
    speaker: Speaker
    delivery: Delivery
    failures: list[PipelineError] = field(default_factory=list)

    async def speech(self, text: str) -> ArtefactRef | None:
        voice = self.delivery.voice
        rate, pitch = self.delivery.asked
        model = voice.model or self.delivery.can.model
        determines = {"provider": voice.provider, "voice": voice.id, "model": model}
        determines |= {"style": self.delivery.direction, "setup": self.delivery.can.setup}
        name = fingerprint(KIND, text=text, rate=rate, pitch=pitch, **determines)
        slots = await self.speaker.cast.slots(voice)
        try:
            async with slots:
                # After a failure nothing more is begun, and what is paid for already is
                # finished: the retry finds it in the store.
                if self.failures:
                    return None
                found = await self.speaker.artefacts.once(
                    "speech",
                    name,
                    lambda: self._spoken(text),
                    media_type=flac.MEDIA_TYPE,
                    provider=voice.provider,
                )
        except PipelineError as error:
            self.failures.append(error)
            return None
        return found.ref

    async def _spoken(self, text: str) -> bytes:
        rate, pitch = self.delivery.asked
        voice = self.delivery.voice
        takes = Takes(
            provider=await self.speaker.cast.provider(voice.provider),
            voice=voice,
            rate=rate,
            pitch=pitch,
            style=self.delivery.direction,
            slower=self.delivery.can.rate,
            paces=self.speaker.paces,
        )
        samples, sample_rate = await takes.of(text)
        return await asyncio.to_thread(flac.pack, samples, sample_rate)
