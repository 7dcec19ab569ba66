"""What is asked for, and what is stored: a narration, and the order that names it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from services.narrator import mastering
from services.narrator.cuts import Cut
from services.narrator.parts import Part, joined
from services.narrator.reading import Reading
from services.narrator.recording import Production
from shared.artefacts import fingerprint
from shared.catalogue import Voice
from shared.providers.tts import Capabilities
from shared.vocabulary import ArtefactRef, Chapter, Word

MEDIA_TYPE = "application/json"

# Raise it when the same order would come out otherwise.
KIND = "narration/3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Everything that decides how a narration sounds, and what its file says of itself."""

    parts: Sequence[Part]
    voice: Voice
    rate: float = 1.0
    pitch: float = 0.0
    style: str = ""
    reading: Reading = field(default_factory=lambda: Reading(()))
    production: Production
    # What the voice can do and is set to: segments and speech depend on it.
    can: Capabilities
    before: Cut = ()

    @property
    def text(self) -> str:
        """Return what is narrated, as it is written."""
        return joined(self.parts)

    @property
    def fingerprint(self) -> str:
        """Return the name of the narration, which equal orders share."""
        return fingerprint(
            KIND,
            parts=[[part.title, part.text] for part in self.parts],
            voice=self.voice.id,
            provider=self.voice.provider,
            model=self.voice.model,
            can=self.can.facts(),
            rate=self.rate,
            pitch=self.pitch,
            style=self.style,
            notes=self.reading.notes,
            tags=dict(self.production.tags),
            format=self.production.encoding.version,
            profile=self.production.profile,
            mastering=mastering.VERSION,
            # Nothing for a text that was never edited: it is named as it always was.
            **({"before": self.before} if self.before else {}),
        )


class Narration(Word):
    """The manifest of a narration: its parts, and where they lie.

    Attributes:
        script: What was narrated, as it is written; the subtitles show the same.
        cut: The pieces of text of each segment, as JSON.
        chapters: Where they begin in `script`.
        audio_seconds: Exact, from the samples.
        loudness_lufs: Of the file, as is the next.
    """

    audio: ArtefactRef
    script: ArtefactRef
    srt: ArtefactRef
    vtt: ArtefactRef
    audio_seconds: float
    characters: int
    segments: int
    cut: ArtefactRef | None = None
    chapters: tuple[Chapter, ...] = ()
    loudness_lufs: float
    true_peak_dbtp: float
