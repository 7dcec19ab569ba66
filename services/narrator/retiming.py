"""Makes speech faster, slower, higher or lower, where the voice itself cannot."""

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

import av
import numpy as np

from services.narrator.samples import SAMPLE_RATE, Samples

# What one `atempo` filter does without skipping samples; more than that is done in steps.
SLOWEST, FASTEST = 0.5, 2.0


def retimed(
    samples: Samples, sample_rate: int, *, rate: float = 1.0, pitch: float = 0.0
) -> Samples:
    """Return `samples` at the narration's sample rate.

    Args:
        samples: As the voice spoke them.
        sample_rate: How many of them a second has.
        rate: 2.0 takes half as long; the voice keeps its pitch.
        pitch: Semitones; the speech keeps its length.
    """
    if sample_rate == SAMPLE_RATE and rate == 1.0 and pitch == 0.0:
        return samples
    # Played at another rate a voice is higher and faster; the tempo then undoes the faster.
    factor = 2 ** (pitch / 12)
    filters = [("aresample", str(SAMPLE_RATE))]
    if pitch:
        filters.insert(0, ("asetrate", str(round(sample_rate * factor))))
    filters += [("atempo", f"{step:.6f}") for step in _steps(rate / factor)]
    filters.append(("aformat", "sample_fmts=s16:channel_layouts=mono"))
    return _filtered(samples, sample_rate, filters)


def _steps(tempo: float) -> Iterator[float]:
    if math.isclose(tempo, 1.0, abs_tol=1e-6):
        return
    while tempo < SLOWEST:
        yield SLOWEST
        tempo /= SLOWEST
    while tempo > FASTEST:
        yield FASTEST
        tempo /= FASTEST
    yield tempo


def _filtered(samples: Samples, sample_rate: int, filters: list[tuple[str, str]]) -> Samples:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=sample_rate, format="s16", layout="mono", time_base=Fraction(1, sample_rate)
    )
    sink = graph.add("abuffersink")
    nodes = [source, *(graph.add(name, arguments) for name, arguments in filters), sink]
    for one, next_one in pairwise(nodes):
        one.link_to(next_one)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate = sample_rate
    frame.pts = 0
    source.push(frame)
    source.push(None)
    return np.concatenate(list(_pulled(sink)))


def _pulled(sink: av.filter.context.FilterContext) -> Iterator[Samples]:
    while True:
        try:
            frame = sink.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return
        if isinstance(frame, av.AudioFrame):
            yield frame.to_ndarray().reshape(-1).astype(np.int16)
