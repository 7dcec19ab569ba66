"""Makes one recording of many speeches, a segment at a time, off the event loop.

Only one segment of a narration is ever in memory as sound: an hour of it would be 170 MB.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.narrator import flac, retiming
from services.narrator.encoding import Mp3
from services.narrator.joining import Joiner, Span
from services.narrator.segments import Segment
from services.narrator.speaking import Delivery
from shared.artefacts import Artefacts
from shared.vocabulary import ArtefactRef


@dataclass(frozen=True, slots=True)
class Recording:
    """A narration's sound, and when each of its segments is heard."""

    audio: bytes
    spans: tuple[Span, ...]
    seconds: float


class Studio:
    """Where recordings are made, a few at once: each keeps a processor busy."""

    def __init__(self, artefacts: Artefacts, *, desks: int) -> None:
        self._artefacts = artefacts
        self._desks = asyncio.Semaphore(desks)

    async def record(
        self,
        segments: Sequence[Segment],
        speeches: Sequence[ArtefactRef],
        delivery: Delivery,
        tags: Mapping[str, str],
    ) -> Recording:
        """Return the recording of `segments`, whose speech lies at `speeches`."""
        async with self._desks:
            mp3 = Mp3(tags)
            joiner = Joiner(mp3.write)
            for segment, ref in zip(segments, speeches, strict=True):
                speech = await self._artefacts.get(ref)
                await asyncio.to_thread(_add, joiner, segment, speech, delivery)
            audio = await asyncio.to_thread(mp3.finish)
            return Recording(audio, tuple(joiner.spans), joiner.seconds)


def _add(joiner: Joiner, segment: Segment, speech: bytes, delivery: Delivery) -> None:
    samples, sample_rate = flac.unpack(speech)
    rate, pitch = delivery.made
    samples = retiming.retimed(samples, sample_rate, rate=rate, pitch=pitch)
    joiner.add(samples, ends_paragraph=segment.ends_paragraph)
