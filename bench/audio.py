"""100 narrations in 20 languages, by profile and format: heard again by another meter."""

import argparse
import asyncio
import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast
from uuid import uuid4

import av
import numpy as np
from rich.console import Console
from rich.table import Table

from bench.emulators.languages import samples
from bench.finishing import TAGS, Shelf
from services.narrator import flac, subtitles
from services.narrator.desks import Desks
from services.narrator.recording import Production
from services.narrator.segments import Segment, split
from services.narrator.speaking import Delivery
from services.narrator.studio import Studio
from shared import catalogue
from shared.artefacts import Artefacts
from shared.providers import tts
from shared.vocabulary import ArtefactRef, AudioFormat, Profile

LANGUAGES = (
    "pt-BR", "en-US", "es-ES", "fr-FR", "de-DE", "it-IT", "nl-NL", "pl-PL", "ru-RU", "tr-TR",
    "sv-SE", "fi-FI", "cs-CZ", "ro-RO", "el-GR", "hi-IN", "id-ID", "vi-VN", "hu-HU", "uk-UA",
)  # fmt: skip
WAYS = (
    (Profile.PODCAST, AudioFormat.MP3),
    (Profile.YOUTUBE, AudioFormat.OPUS),
    (Profile.BROADCAST, AudioFormat.MP3),
    (Profile.ACX, AudioFormat.MP3),
    (Profile.PODCAST, AudioFormat.WAV),
)
# What the profiles ask for, written down a second time on purpose.
TARGETS = {
    Profile.PODCAST: -16.0,
    Profile.YOUTUBE: -14.0,
    Profile.BROADCAST: -23.0,
    Profile.ACX: -20.0,
}
HIGHEST_PEAKS = dict.fromkeys(Profile, -1.0) | {Profile.ACX: -3.0}
MOST_BESIDE, MOST_LATE = 1.0, 0.2
_CLOCK = re.compile(r"(\d+):(\d+):(\d+),(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One output, as it is heard."""

    language: str
    profile: str
    format: str
    beside: float
    true_peak: float
    length_error: float
    last_cue_error: float
    overlaps: int

    @property
    def faults(self) -> list[str]:
        """Return what is wrong with it."""
        found = {
            "loudness": abs(self.beside) > MOST_BESIDE,
            # ffmpeg's meter rounds to a tenth.
            "peak": self.true_peak > HIGHEST_PEAKS[Profile(self.profile)] + 0.05,
            "length": abs(self.length_error) > MOST_LATE,
            "subtitles": self.overlaps > 0 or abs(self.last_cue_error) > MOST_LATE,
        }
        return [name for name, wrong in found.items() if wrong]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--languages", type=int, default=20, help="how many (default 20)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Make every output and hear it; return what was found."""
    heard = asyncio.run(_all(LANGUAGES[: asked.languages]))
    return {"outputs": [asdict(each) | {"faults": each.faults} for each in heard]}


def show(result: dict[str, Any]) -> None:
    """Print the figures by profile and format."""
    table = Table("profile", "format", "outputs", "LU (ACX: dB) beside", "highest dBTP", "faults")
    outputs = result["outputs"]
    for way in dict.fromkeys((each["profile"], each["format"]) for each in outputs):
        rows = [each for each in outputs if (each["profile"], each["format"]) == way]
        table.add_row(
            *way,
            str(len(rows)),
            f"{max(abs(row['beside']) for row in rows):.2f}",
            f"{max(row['true_peak'] for row in rows):.2f}",
            ", ".join(f"{row['language']}: {fault}" for row in rows for fault in row["faults"]),
        )
    console = Console()
    console.print(table)
    good = sum(not each["faults"] for each in outputs)
    length = max(abs(each["length_error"]) for each in outputs)
    last = max(abs(each["last_cue_error"]) for each in outputs)
    console.print(
        f"{good} of {len(outputs)} as asked; lengths within {length * 1000:.0f} ms, last cues "
        f"within {last * 1000:.0f} ms, {sum(each['overlaps'] for each in outputs)} overlaps"
    )


async def _all(languages: Sequence[str]) -> list[Heard]:
    provider = tts.create("espeak")
    found: list[Heard] = []
    try:
        for code in languages:
            segments, speeches = await _spoken(provider, code)
            found += [await _made(code, segments, speeches, *way) for way in WAYS]
    finally:
        await provider.aclose()
    return found


async def _spoken(provider: tts.TextToSpeech, code: str) -> tuple[list[Segment], list[bytes]]:
    voice = catalogue.voice(f"espeak:{code}")
    segments = split(_text(code), language=code, max_bytes=600)
    speeches = []
    for segment in segments:
        speech = await provider.speak(segment.spoken, voice=voice)
        spoken = np.frombuffer(speech.pcm, "<i2").astype(np.int16)
        speeches.append(flac.pack(spoken, speech.sample_rate))
    return list(segments), speeches


def _text(code: str) -> str:
    found = samples(code.partition("-")[0])
    told = [
        *found.sentences,
        *(f"{' '.join(parts)}." for parts in zip(*found.combine, strict=False)),
    ]
    return "\n\n".join(" ".join(told[at : at + 4]) for at in range(0, min(len(told), 12), 4))


async def _made(
    code: str, segments: list[Segment], speeches: list[bytes], profile: Profile, format: AudioFormat
) -> Heard:
    names = [str(uuid4()) for _ in speeches]
    studio = Studio(
        cast(Artefacts, Shelf(dict(zip(names, speeches, strict=True)))),
        Desks(1, ThreadPoolExecutor),
    )
    refs = [ArtefactRef(key=name, sha256="", bytes=0, media_type="") for name in names]
    delivery = Delivery(catalogue.voice(f"espeak:{code}"), tts.Capabilities(max_bytes=600))
    production = Production(TAGS, format, profile)
    recording = await studio.record(segments, refs, delivery, production)
    srt = subtitles.srt(subtitles.cues(segments, recording.spans)).decode()
    times = [_seconds(match) for match in _CLOCK.finditer(srt)]
    loudness, peak, seconds = _metered(recording.audio, by_rms=profile is Profile.ACX)
    return Heard(
        language=code,
        profile=profile.value,
        format=format.value,
        beside=loudness - TARGETS[profile],
        true_peak=peak,
        length_error=seconds - recording.seconds,
        last_cue_error=times[-1] - seconds,
        overlaps=sum(later < earlier for earlier, later in pairwise(times)),
    )


def _seconds(match: re.Match[str]) -> float:
    hours, minutes, seconds, milliseconds = map(int, match.groups())
    return 3_600 * hours + 60 * minutes + seconds + milliseconds / 1_000


def _metered(file: bytes, *, by_rms: bool) -> tuple[float, float, float]:
    """Return loudness (ACX: RMS), true peak and length, by ffmpeg's own meter."""
    with av.open(io.BytesIO(file), "r") as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "peak=true:metadata=1")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        said: dict[str, str] = {}
        heard, energy = 0, 0.0
        for frame in container.decode(stream):
            heard += frame.samples
            if by_rms:
                energy += float(np.square(frame.to_ndarray()).sum())
            frame.pts, frame.time_base = heard, Fraction(1, stream.rate)
            source.push(frame)
            said |= _pulled(sink)
        source.push(None)
        said |= _pulled(sink)
        peak = max(float(value) for name, value in said.items() if "true_peaks_ch" in name)
        loudness = 10 * float(np.log10(energy / heard)) if by_rms else float(said["lavfi.r128.I"])
        return loudness, 20 * float(np.log10(peak)), heard / stream.rate


def _pulled(sink: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    while True:
        try:
            found |= dict(sink.pull().metadata)
        except (av.error.EOFError, av.error.BlockingIOError):
            return found
