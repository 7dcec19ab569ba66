"""Encodes a narration, once: MP3, Opus, FLAC or WAV, which say what they are and how long.

A file has the chapters of its script, where its format knows chapters (MP3: ID3 `CHAP`).
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import av
import numpy as np
from av.container import InputContainer

from services.narrator.loudness import Measured, Meter, Wave
from services.narrator.samples import SAMPLE_RATE
from shared.vocabulary import AudioFormat, Profile


@dataclass(frozen=True, slots=True)
class Encoding:
    """How sound becomes a file.

    Attributes:
        version: Part of every narration's fingerprint: raise it with whatever changes the bytes.
        headroom: Decibels by which encoding may raise a peak, for all that is usual.
        pressed: The same where a limiter works deep: all that is near the ceiling then stays
            near it, and some of that rises further.
        loss: Decibels of loudness that encoding takes away: LAME scales by 0.95 at this rate.
    """

    version: str
    media_type: str
    container: str
    codec: str
    sample_rate: int = SAMPLE_RATE
    bit_rate: int = 0
    headroom: float = 0.0
    pressed: float = 0.0
    loss: float = 0.0
    container_options: Mapping[str, str] = field(default_factory=dict)
    codec_options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a chapter is heard, in seconds from the start."""

    title: str
    start: float
    end: float


_MP3: dict[str, Any] = {
    "media_type": "audio/mpeg",
    "container": "mp3",
    "codec": "libmp3lame",
    # ID3v2.3 is what every player reads; the Xing header makes the length exact and seeking
    # right.
    "container_options": {"id3v2_version": "3", "write_xing": "1"},
    # LAME's "really fast": half the processor time of its default, and on speech at this bit
    # rate as close to the original (25 dB against 24).
    "codec_options": {"compression_level": "7"},
}

_ENCODINGS = {
    AudioFormat.MP3: Encoding(
        "mp3-24000-mono-64k/2", bit_rate=64_000, headroom=0.8, pressed=1.0, loss=0.45, **_MP3
    ),
    AudioFormat.OPUS: Encoding(
        "opus-mono-64k/1",
        "audio/ogg",
        "ogg",
        "libopus",
        bit_rate=64_000,
        headroom=1.1,
        pressed=2.0,
        codec_options={"application": "audio", "frame_duration": "20"},
    ),
    AudioFormat.FLAC: Encoding("flac-24000-mono/1", "audio/flac", "flac", "flac"),
    AudioFormat.WAV: Encoding("wav-24000-mono/1", "audio/wav", "wav", "pcm_s16le"),
}
# What ACX takes: constant 192 kbit/s at 44.1 kHz.
_ACX_MP3 = Encoding(
    "mp3-44100-mono-192k/1",
    sample_rate=44_100,
    bit_rate=192_000,
    headroom=0.3,
    pressed=0.6,
    loss=0.25,
    **_MP3,
)


_DECODED_AT_ONCE = 10 * SAMPLE_RATE


def encoding_for(format: AudioFormat, profile: Profile) -> Encoding:
    """Return how a narration is encoded."""
    if profile is Profile.ACX and format is AudioFormat.MP3:
        return _ACX_MP3
    return _ENCODINGS[format]


class Encoder:
    """A file in the making."""

    def __init__(
        self, encoding: Encoding, tags: Mapping[str, str], marks: Sequence[Mark] = ()
    ) -> None:
        self._file = io.BytesIO()
        self._container = av.open(
            self._file, "w", format=encoding.container, options=dict(encoding.container_options)
        )
        self._container.metadata.update({name: value for name, value in tags.items() if value})
        self._container.set_chapters([_chapter(*each) for each in enumerate(marks)])
        stream = self._container.add_stream(
            encoding.codec,
            rate=encoding.sample_rate,
            layout="mono",
            options=dict(encoding.codec_options),
        )
        self._stream = cast(av.AudioStream, stream)
        if encoding.bit_rate:
            self._stream.bit_rate = encoding.bit_rate

    def write(self, wave: Wave) -> None:
        """Add sound at its end; 1.0 is full scale."""
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        self._encode(frame)

    def finish(self) -> bytes:
        """Return the file. Nothing may be added any more."""
        self._encode(None)
        self._container.close()
        return self._file.getvalue()

    def _encode(self, frame: av.AudioFrame | None) -> None:
        for packet in self._stream.encode(frame):
            self._container.mux(packet)


def measured(file: bytes) -> Measured:
    """Return what is heard of an encoded file."""
    with av.open(io.BytesIO(file), "r") as container:
        rate = int(container.streams.audio[0].rate)
        every = rate // SAMPLE_RATE if rate % SAMPLE_RATE == 0 else 1
        meter = Meter(rate, only_highest=True, every=every)
        for wave in _waves(container):
            meter.add(wave)
        return meter.measured()


def _waves(container: InputContainer) -> Iterator[Wave]:
    # Many frames at a time: each is a fortieth of a second, and costs as much to hand over as to
    # decode.
    fifo = av.AudioFifo()
    for frame in container.decode(audio=0):
        frame.pts = None
        fifo.write(frame)
        if fifo.samples >= _DECODED_AT_ONCE:
            yield _wave(fifo.read())
    if fifo.samples:
        yield _wave(fifo.read())


def _wave(frame: Any) -> Wave:
    wave = frame.to_ndarray()[0]
    return cast(Wave, wave / np.float32(32_768) if wave.dtype == np.int16 else wave)


def _chapter(number: int, mark: Mark) -> Any:
    return {
        "id": number,
        "start": round(mark.start * 1_000),
        "end": round(mark.end * 1_000),
        "time_base": Fraction(1, 1_000),
        "metadata": {"title": mark.title},
    }
