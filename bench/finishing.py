"""What finishing a narration costs beside encoding its file alone, on one core."""

import argparse
import asyncio
import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, cast
from uuid import uuid4

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from services.narrator import flac, retiming, subtitles
from services.narrator.desks import Desks
from services.narrator.encoding import Encoder, Encoding
from services.narrator.loudness import Wave
from services.narrator.recording import Production
from services.narrator.samples import SAMPLE_RATE, Samples
from services.narrator.segments import Segment, split
from services.narrator.speaking import Delivery
from services.narrator.studio import Studio
from shared import catalogue
from shared.artefacts import Artefacts
from shared.providers import tts
from shared.vocabulary import ArtefactRef, AudioFormat, Profile

VOICE = catalogue.voice("espeak:pt-BR")
STORY = (
    "Naquela manhã, a cidade inteira parou para ouvir o que mudaria as suas vidas. Ninguém sabia "
    "de onde vinha a voz, e poucos tiveram coragem de perguntar. Um menino subiu ao telhado, "
    "olhou para o mar e contou os barcos: eram doze, e nenhum deles voltava para casa.\n\n"
)
TAGS = {"title": "O segredo das abelhas", "artist": "Bolt IA", "language": "pt-BR"}
WAYS = (
    (AudioFormat.MP3, Profile.PODCAST),
    (AudioFormat.MP3, Profile.YOUTUBE),
    (AudioFormat.MP3, Profile.BROADCAST),
    (AudioFormat.OPUS, Profile.PODCAST),
    (AudioFormat.OPUS, Profile.YOUTUBE),
)
# As they come from a provider: 24 kHz.
CHUNK = SAMPLE_RATE * 10


class Shelf:
    """Speeches in memory, as the studio fetches them."""

    def __init__(self, speeches: dict[str, bytes]) -> None:
        self._speeches = speeches

    async def get(self, ref: ArtefactRef) -> bytes:
        """Return a speech."""
        return self._speeches[ref.key]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--minutes", type=float, default=10, help="how long (default 10)")
    parser.add_argument("--times", type=int, default=3, help="the best of so many (default 3)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Finish one narration in each way; return processor seconds."""
    segments, spoken = asyncio.run(_spoken(asked.minutes))
    speeches = [flac.pack(samples, SAMPLE_RATE) for samples in spoken]
    seconds = sum(map(len, spoken)) / SAMPLE_RATE
    reading = _best(asked.times, lambda: [flac.unpack(speech) for speech in speeches])
    rows = []
    for format, profile in WAYS:
        production = Production(TAGS, format, profile)
        finish = partial(_finished, segments, speeches, production)
        took = _best(asked.times, finish)
        # The same sound: a loud one takes LAME longer than a quiet one.
        encode = partial(_encoded, _heard(finish()), production.encoding)
        alone = _best(asked.times, encode)
        named = {"profile": profile.value, "format": format.value}
        rows.append(named | {"seconds": took - reading, "alone": alone})
    return {"audio_seconds": seconds, "reading": reading, "finishing": rows}


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    table = Table("profile", "format", "CPU s", "encoding alone", "times that", "times real time")
    for row in result["finishing"]:
        took = row["seconds"]
        table.add_row(
            row["profile"],
            row["format"],
            f"{took:.3f}",
            f"{row['alone']:.3f}",
            f"{took / row['alone']:.2f}",
            f"{result['audio_seconds'] / took:.0f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"{result['audio_seconds']:.0f} s of audio; reading its speech from FLAC took "
        f"{result['reading']:.3f} s more"
    )


def _heard(file: bytes) -> Wave:
    with av.open(io.BytesIO(file), "r") as container:
        # Opus is decoded at twice the rate of a narration.
        every = container.streams.audio[0].rate // SAMPLE_RATE
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return cast(Wave, np.ascontiguousarray(np.concatenate(frames)[::every]))


async def _spoken(minutes: float) -> tuple[list[Segment], list[Samples]]:
    provider = tts.create("espeak")
    segments: list[Segment] = []
    spoken: list[Samples] = []
    try:
        while sum(map(len, spoken)) < minutes * 60 * SAMPLE_RATE:
            text = STORY.replace("doze", str(len(spoken) + 12)) * 4
            for segment in split(text, language="pt-BR", max_bytes=4_800):
                speech = await provider.speak(segment.spoken, voice=VOICE)
                samples = np.frombuffer(speech.pcm, "<i2").astype(np.int16)
                spoken.append(retiming.retimed(samples, speech.sample_rate))
                segments.append(segment)
    finally:
        await provider.aclose()
    return segments, spoken


def _encoded(whole: Wave, how: Encoding) -> bytes:
    encoder = Encoder(how, TAGS)
    for at in range(0, len(whole), CHUNK):
        encoder.write(whole[at : at + CHUNK])
    return encoder.finish()


def _finished(segments: list[Segment], speeches: list[bytes], production: Production) -> bytes:
    names = [str(uuid4()) for _ in speeches]
    shelf = cast(Artefacts, Shelf(dict(zip(names, speeches, strict=True))))
    refs = [ArtefactRef(key=name, sha256="", bytes=0, media_type="") for name in names]
    delivery = Delivery(VOICE, tts.Capabilities(max_bytes=4_800))
    studio = Studio(shelf, Desks(1, ThreadPoolExecutor))
    recording = asyncio.run(studio.record(segments, refs, delivery, production))
    cues = subtitles.cues(segments, recording.spans)
    subtitles.srt(cues)
    subtitles.vtt(cues)
    return recording.audio


def _best(times: int, work: Callable[[], object]) -> float:
    took = []
    for _ in range(times):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)
