"""Sound for tests, and what there is in a file of it."""

import io

import av
import numpy as np

from services.narrator.samples import Samples


def sine(seconds: float, *, sample_rate: int = 24_000, hertz: int = 220) -> Samples:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
    return (np.sin(2 * np.pi * hertz * time) * 8_000).astype(np.int16)


def decoded(data: bytes) -> tuple[Samples, int, dict[str, str]]:
    with av.open(io.BytesIO(data), "r") as container:
        tags = dict(container.metadata)
        frames = [frame.to_ndarray().reshape(-1) for frame in container.decode(audio=0)]
        rate = int(container.streams.audio[0].rate)
    samples = np.concatenate(frames)
    if samples.dtype != np.int16:
        samples = samples * 32_767
    return samples.astype(np.int16), rate, tags


def decibels(samples: Samples) -> float:
    root = np.sqrt(np.mean(np.square(samples, dtype=np.float64)))
    return float(20 * np.log10(max(root, 1e-9) / 32_768))


def loudest_hertz(samples: Samples, sample_rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(spectrum.argmax() * sample_rate / len(samples))
