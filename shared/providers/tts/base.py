"""What a text-to-speech provider must do. The suite in tests/contracts holds it to this."""

from dataclasses import dataclass
from typing import Protocol

from shared.catalogue import Voice
from shared.quota import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a voice can do.

    Attributes:
        max_bytes: UTF-8 bytes that one call may carry.
        rate: Whether the provider itself speaks faster or slower.
        pitch: Whether the provider itself speaks higher or lower.
        concurrency: Calls worth having open at once from one process.
        billable: Whether a call costs money or quota.
        style: Whether it takes direction in words ("calm, like a bedtime story").
        markup_pauses: Whether its API takes pauses written into the text.
        model: The model that would speak, where settings decide it and not the voice.
        setup: What else was set that decides how it sounds: another server has other voices.
        formats: What it can answer with, best first. `speak` returns samples in any case.
    """

    max_bytes: int
    rate: bool = False
    pitch: bool = False
    concurrency: int = 8
    billable: bool = True
    style: bool = False
    markup_pauses: bool = False
    model: str = ""
    setup: str = ""
    formats: tuple[str, ...] = ("pcm",)

    def facts(self) -> dict[str, object]:
        """Return what of it decides how a text sounds; not how many calls are open at once."""
        names = ("max_bytes", "rate", "pitch", "style", "markup_pauses", "model", "setup")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Spoken text.

    Attributes:
        pcm: Signed 16-bit little-endian mono samples, no header.
        sample_rate: Samples per second.
        model: The model that spoke, as the provider names it.
        input_tokens: What the provider counted of the text, where it bills tokens.
        output_tokens: What it counted of the speech.
        domain: The project whose quota was used, where there is one.
    """

    pcm: bytes
    sample_rate: int
    model: str = ""
    input_tokens: int = 0
    output_tokens: int = 0
    domain: str = ""

    @property
    def seconds(self) -> float:
        """Return how long it lasts."""
        return len(self.pcm) / 2 / self.sample_rate


@dataclass(frozen=True, slots=True)
class Checked:
    """What a provider answered to a key that was tried.

    Attributes:
        verdict: What its answer means; None where the key works.
        said: The provider's words, without the key.
    """

    verdict: Verdict | None = None
    said: str = ""


class ListsVoices(Protocol):
    """A provider that can say which voices it has."""

    async def voices(self) -> tuple[Voice, ...]:
        """Return the voices it has now.

        Raises:
            TransientError: the provider is busy or unreachable.
            RefusedError: no key may ask.
        """
        ...

    async def aclose(self) -> None:
        """Close what the client holds open."""
        ...


class TextToSpeech(Protocol):
    """Speaks.

    Attributes:
        name: The provider's name, as in settings and in the catalogue.
    """

    name: str

    def capabilities(self, voice: Voice) -> Capabilities:
        """Return what `voice` can do."""
        ...

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        """Speak `text`.

        Args:
            text: At most `capabilities(voice).max_bytes` UTF-8 bytes of plain text.
            voice: Who speaks.
            rate: 1.0 is the voice's own pace. Ignored where the voice has no `rate`.
            pitch: Semitones. Ignored where the voice has no `pitch`.
            style: How to speak, in words; never spoken. Ignored where the voice has no `style`.

        Raises:
            TransientError: the provider is busy or unreachable.
            RateLimitedError: the provider named a delay.
            RefusedError: the provider will not speak this text or has no such voice.
            BadSpeechError: the answer holds no audio.
        """
        ...

    async def aclose(self) -> None:
        """Close what the client holds open."""
        ...
