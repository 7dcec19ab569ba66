"""Makes one recording of many speeches, a segment at a time.

A narration is joined onto a tape, in a file of its own once it is long, and measured on the
way; then it is read again, brought to its loudness and encoded. So no narration is in memory
as sound, however long (an hour would be 170 MB), and every speech is fetched once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

import numpy as np

from services.narrator import encoding, finishing, flac, mastering, retiming
from services.narrator.encoding import Encoder, Encoding, Mark
from services.narrator.joining import Joiner, Span
from services.narrator.loudness import Measured, Meter
from services.narrator.mastering import Master, Target
from services.narrator.samples import SAMPLE_RATE, Samples
from shared.vocabulary import AudioFormat, Profile

# Five minutes of sound; what is longer goes to disk.
_IN_MEMORY = 16 * 1024 * 1024
# Whole milliseconds, or the limiter's envelope would slip.
_STRETCH = 10 * SAMPLE_RATE
_AT_ONCE = 2 * SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Production:
    """What a narration is to be as a file.

    Attributes:
        chapters: Title by the number of the segment that a chapter begins with.
    """

    tags: Mapping[str, str]
    format: AudioFormat = AudioFormat.MP3
    profile: Profile = Profile.PODCAST
    chapters: Mapping[int, str] | None = None

    @property
    def encoding(self) -> Encoding:
        """Return how it is encoded."""
        return encoding.encoding_for(self.format, self.profile)

    @property
    def target(self) -> Target:
        """Return how loud it is to be."""
        return mastering.TARGETS[self.profile]


@dataclass(frozen=True, slots=True)
class Recording:
    """A narration's sound, and when each of its segments is heard.

    Attributes:
        lufs: The loudness of the file.
        true_peak: Its highest peak, in dBTP.
    """

    audio: bytes
    spans: tuple[Span, ...]
    seconds: float
    lufs: float
    true_peak: float


def recorded(
    speeches: Iterable[bytes],
    paragraph_ends: Sequence[bool],
    made: tuple[float, float],
    production: Production,
) -> Recording:
    """Return the recording of `speeches`, one a segment, each of which may end a paragraph.

    Args:
        speeches: As FLAC; each is read when its turn comes.
        paragraph_ends: A longer pause follows these.
        made: The rate, and the pitch in semitones, that the speeches are given.
        production: What is to become of it.
    """
    with Tape() as tape:
        joiner = Joiner(tape.write)
        for ends, speech in zip(paragraph_ends, speeches, strict=True):
            _add(joiner, speech, made, ends_paragraph=ends)
        return _finished(tape, joiner, production)


class Tape:
    """Sound that is written once, measured on the way, and read as often as one likes."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by exit
        self._meter = Meter(SAMPLE_RATE)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._file.close()

    def write(self, samples: Samples) -> None:
        """Add samples at its end."""
        self._file.write(samples.tobytes())
        # A little at a time: memory that is still in the cache costs half.
        for at in range(0, len(samples), _AT_ONCE):
            wave = samples[at : at + _AT_ONCE].astype(np.float32)
            wave *= np.float32(1 / 32_768)
            self._meter.add(wave)

    def measured(self) -> Measured:
        """Return what was measured, once all is written."""
        return self._meter.measured()

    def stretches(self) -> Iterator[tuple[int, Samples]]:
        """Yield all there is, from the start: each stretch and where it begins."""
        self._file.seek(0)
        at = 0
        while data := self._file.read(_STRETCH * 2):
            yield at, np.frombuffer(data, np.int16)
            at += len(data) // 2


def _add(joiner: Joiner, speech: bytes, made: tuple[float, float], *, ends_paragraph: bool) -> None:
    samples, sample_rate = flac.unpack(speech)
    rate, pitch = made
    samples = retiming.retimed(samples, sample_rate, rate=rate, pitch=pitch)
    joiner.add(samples, ends_paragraph=ends_paragraph)


def _finished(tape: Tape, joiner: Joiner, production: Production) -> Recording:
    marks = _marks(production.chapters or {}, joiner)
    take = finishing.finished(
        tape.measured(),
        target=production.target,
        how=production.encoding,
        encode=lambda master: _encoded(tape, master, production, marks),
    )
    heard = take.heard
    return Recording(take.audio, tuple(joiner.spans), joiner.seconds, heard.lufs, heard.true_peak)


def _encoded(tape: Tape, master: Master, production: Production, marks: Sequence[Mark]) -> bytes:
    encoder = Encoder(production.encoding, production.tags, marks)
    for at, samples in tape.stretches():
        encoder.write(master.applied(samples, at=at))
    return encoder.finish()


def _marks(chapters: Mapping[int, str], joiner: Joiner) -> list[Mark]:
    starts = [joiner.spans[segment].start for segment in chapters]
    edges = [*starts, joiner.seconds]
    return [
        Mark(title, start, end)
        for title, (start, end) in zip(chapters.values(), pairwise(edges), strict=True)
    ]
