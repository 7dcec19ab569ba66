"""Sound for tests, and what there is in a file of it."""

import io
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

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


def ebur128(wave: NDArray[np.float32], sample_rate: int) -> tuple[float, float]:
    """Return the loudness and the true peak of `wave`, as FFmpeg's own meter has them."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=sample_rate, format="fltp", layout="mono", time_base=Fraction(1, sample_rate)
    )
    meter = graph.add("ebur128", "peak=true:metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="fltp", layout="mono")
    frame.sample_rate, frame.pts = sample_rate, 0
    source.push(frame)
    source.push(None)
    said: dict[str, str] = {}
    while True:
        try:
            said |= dict(sink.pull().metadata)
        except (av.error.EOFError, av.error.BlockingIOError):
            break
    return float(said["lavfi.r128.I"]), 20 * float(np.log10(float(said["lavfi.r128.true_peak"])))


def speechlike(seconds: float, level: float) -> Samples:
    """Return noise that swells and fades as speech does."""
    chance = np.random.default_rng(5)
    swell = np.repeat(np.abs(chance.standard_normal(round(seconds * 8))), 3_000)
    white = np.convolve(chance.standard_normal(len(swell)), np.ones(5) / 5, "same")
    loud: Samples = np.clip(white * swell * level, -32_768, 32_767).astype(np.int16)
    return loud
