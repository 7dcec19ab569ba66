"""Listening to what was made, as far as a test can."""

import re
from pathlib import Path

import av
import numpy as np


def samples(file: Path) -> tuple[np.ndarray, int]:
    """Decode a file; return its samples from -1 to 1, and how many a second has."""
    with av.open(str(file)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono")
        frames = [
            piece.to_ndarray().reshape(-1)
            for frame in (*container.decode(audio=0), None)
            for piece in resampler.resample(frame)
        ]
        return np.concatenate(frames), container.streams.audio[0].rate


def loudness(sound: np.ndarray) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))


def last_cue_ends(srt: str) -> float:
    """Return when the last subtitle goes away, in seconds."""
    *_, end = re.findall(r"--> (\d+):(\d+):(\d+)[,.](\d+)", srt)
    hours, minutes, seconds, milliseconds = map(int, end)
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
