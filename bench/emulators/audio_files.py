"""Samples as files, in the encodings the providers offer."""

import io
import struct
from typing import Any

import av
import numpy as np

from bench.emulators.tones import Samples

# Container, codec, sample rate where the codec has but one, bits a second.
_ENCODED: dict[str, tuple[str, str, int, int]] = {
    "MP3": ("mp3", "libmp3lame", 0, 32_000),
    "OGG_OPUS": ("ogg", "libopus", 48_000, 32_000),
    "MULAW": ("wav", "pcm_mulaw", 0, 0),
    "ALAW": ("wav", "pcm_alaw", 0, 0),
    "FLAC": ("flac", "flac", 0, 0),
    "AAC": ("adts", "aac", 0, 64_000),
    "M4A": ("ipod", "aac", 0, 64_000),
}
ENCODINGS = frozenset({"LINEAR16", "PCM", *_ENCODED})


def encode(samples: Samples, sample_rate: int, encoding: str) -> bytes:
    """Return the samples as a file, or bare where the encoding is PCM."""
    if encoding == "PCM":
        return samples.tobytes()
    if encoding == "LINEAR16":
        return _wav(samples.tobytes(), sample_rate)
    return _compressed(samples, sample_rate, encoding)


def _wav(pcm: bytes, sample_rate: int) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, sample_rate, 2 * sample_rate, 2, 16)
    data = struct.pack("<4sI", b"data", len(pcm)) + pcm
    return struct.pack("<4sI4s", b"RIFF", 4 + len(form) + len(data), b"WAVE") + form + data


def _compressed(samples: Samples, sample_rate: int, encoding: str) -> bytes:
    container, codec, fixed, bit_rate = _ENCODED[encoding]
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        stream: Any = out.add_stream(codec, rate=fixed or sample_rate, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(np.atleast_2d(samples), format="s16", layout="mono")
        frame.sample_rate = sample_rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            out.mux(packet)
    return file.getvalue()
