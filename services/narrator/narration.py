"""What is asked for, and what is stored: a narration, and the order that names it."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.narrator import encoding
from shared.artefacts import fingerprint
from shared.catalogue import Voice
from shared.vocabulary import ArtefactRef, Word

MEDIA_TYPE = "application/json"

# Raise it when the same order would come out otherwise.
KIND = "narration/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that decides how a narration sounds, and what its file says of itself."""

    text: str
    voice: Voice
    rate: float
    pitch: float
    tags: Mapping[str, str]

    @property
    def fingerprint(self) -> str:
        """Return the name of the narration, which equal orders share."""
        return fingerprint(
            KIND,
            text=self.text,
            voice=self.voice.id,
            provider=self.voice.provider,
            model=self.voice.model,
            rate=self.rate,
            pitch=self.pitch,
            tags=dict(self.tags),
            format=encoding.FORMAT,
        )


class Narration(Word):
    """The manifest of a narration: its parts, and where they lie.

    Attributes:
        script: What was spoken, word for word; the subtitles show the same.
        audio_seconds: Exact, from the samples.
    """

    audio: ArtefactRef
    script: ArtefactRef
    srt: ArtefactRef
    vtt: ArtefactRef
    audio_seconds: float
    characters: int
    segments: int
