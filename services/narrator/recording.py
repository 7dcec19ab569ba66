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

from services.narrator import encoding, flac, mastering, retiming
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

# An encoder changes what it encodes. Where that takes a peak too high, or the loudness too far
# off, it is asked again for something that is lower there, or nearer.
# Meters differ by so many decibels in what they call the highest peak.
_METERS_DIFFER = 0.15
_TAKES = 6
_TOLERANCE = 0.7
# What is too high, and loud enough without that, is made quieter as a whole, by that and a little.
_QUIETER_TAKES, _A_LITTLE, _NEAR_ENOUGH = 2, 0.1, 0.05


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
        self._meter.add(samples.astype(np.float32) / np.float32(32_768))

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
    target = production.target
    sound = tape.measured()
    marks = _marks(production.chapters or {}, joiner)
    encoding_ = production.encoding
    level, ceiling = (
        target.level + encoding_.loss,
        target.peak - max(encoding_.headroom, _METERS_DIFFER),
    )
    extra = np.zeros(len(sound.peaks), np.float32)
    takes: list[_Take] = []
    while not takes or (len(takes) < _TAKES and not takes[-1].good):
        master = mastering.mastered(sound, target=target, level=level, ceiling=ceiling, extra=extra)
        take = _taken(tape, master, production, marks)
        takes.append(take)
        if take.needs_only_less:
            break
        # Lowered where it was too high, and nowhere else: a lower ceiling for all of it takes
        # away the loudness that is asked for.
        extra += mastering.overshoots(
            take.heard, peak=target.peak - 2 * _METERS_DIFFER, milliseconds=len(extra)
        )
        level -= take.beside
        if take.beside < -_TOLERANCE:
            # No gain makes it as loud below that ceiling: only where encoding raised a peak is it
            # to be lower.
            ceiling = min(ceiling - take.beside, target.peak - _METERS_DIFFER)
    best = min(takes, key=lambda take: take.faults)
    for _ in range(_QUIETER_TAKES):
        if best.faults[0] <= _NEAR_ENOUGH:
            break
        master = best.master.quieter(best.faults[0] + _A_LITTLE)
        best = min(best, _taken(tape, master, production, marks), key=lambda take: take.faults)
    heard = best.heard
    return Recording(best.audio, tuple(joiner.spans), joiner.seconds, heard.lufs, heard.true_peak)


@dataclass(frozen=True, slots=True)
class _Take:
    master: Master
    audio: bytes
    heard: Measured
    target: Target

    @property
    def beside(self) -> float:
        return self.target.level_of(self.heard) - self.target.level

    @property
    def good(self) -> bool:
        high, beside = self.faults
        return high <= _NEAR_ENOUGH and beside <= _TOLERANCE

    @property
    def needs_only_less(self) -> bool:
        """Return whether it would be good if all of it were a little quieter."""
        less = self.faults[0] + _A_LITTLE
        return not self.good and abs(self.beside - less) <= _TOLERANCE

    @property
    def faults(self) -> tuple[float, float]:
        """Return how much is wrong with it; a peak that is too high is worse than any level."""
        high = self.heard.true_peak - self.target.peak + _METERS_DIFFER
        return max(0.0, high), abs(self.beside)


def _taken(tape: Tape, master: Master, production: Production, marks: Sequence[Mark]) -> _Take:
    audio = _encoded(tape, master, production, marks)
    return _Take(master, audio, encoding.measured(audio), production.target)


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
