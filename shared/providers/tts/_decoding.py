"""Samples out of whatever a provider answers with: WAV, MP3, FLAC, Opus."""

import io

import av
import numpy as np

from shared.errors import BadSpeechError


def samples(answer: bytes, *, by: str) -> tuple[bytes, int]:
    """Return signed 16-bit little-endian mono samples, and how many make a second.

    Args:
        answer: A whole audio file.
        by: Who answered; named in the error.

    Raises:
        BadSpeechError: it is not audio, or there is nothing in it.
    """
    try:
        with av.open(io.BytesIO(answer), mode="r") as container:
            stream = container.streams.audio[0]
            rate = int(stream.rate)
            resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
            frames = [
                out.to_ndarray().astype("<i2")
                for frame in (*container.decode(stream), None)
                for out in resampler.resample(frame)
            ]
    except (av.FFmpegError, IndexError, ValueError) as error:
        what = type(error).__name__
        raise BadSpeechError(f"{by}: the answer is not an audio file ({what})") from None
    pcm = np.concatenate(frames, axis=None).tobytes() if frames else b""
    if not pcm:
        raise BadSpeechError(f"{by}: the answer holds no audio")
    return pcm, rate
