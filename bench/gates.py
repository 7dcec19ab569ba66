"""What the gates catch, and what they stop for nothing: spoilt speech, texts in English."""

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.audio import LANGUAGES
from bench.emulators import tones, writing
from bench.emulators.kinds import Kind
from services.narrator.pace import Paces
from services.narrator.takes import Takes
from shared import catalogue
from shared.catalogue import Voice, gate
from shared.errors import BadSpeechError
from shared.providers import tts
from shared.providers.tts import Capabilities, Speech, TextToSpeech

SPOILT = (Kind.SILENT, Kind.TRUNCATED, Kind.REPEATED)
# As the emulators spoil speech unless they are told otherwise.
KEEP, TIMES = 0.5, 2
SHORTEST, LONGEST = 120, 600
LEAST_CAUGHT, MOST_FALSE = 58 / 60, 0.01


class Hum:
    """The emulators' speech, as a voice."""

    name = "tones"

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - all are alike
        """Return what it can do."""
        return Capabilities(max_bytes=4_800, rate=True)

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,
        pitch: float = 0.0,
        style: str = "",  # noqa: ARG002 - a hum has none
    ) -> Speech:
        """Hum `text`."""
        manner = tones.Manner(language=voice.language, voice=voice.id, rate=rate, pitch=pitch)
        return Speech(pcm=tones.speak(text, manner).tobytes(), sample_rate=tones.RATE)

    async def aclose(self) -> None:
        """Close nothing."""


@dataclass(slots=True)
class Spoiling:
    """A voice that spoils the first thing it is asked for.

    Attributes:
        kind: How; None where it does not.
        asked: How often it was asked.
    """

    inner: TextToSpeech
    kind: Kind | None
    asked: int = 0
    name: str = field(default="spoiling")

    def capabilities(self, voice: Voice) -> Capabilities:
        """Return what the voice can do."""
        return self.inner.capabilities(voice)

    async def speak(
        self, text: str, *, voice: Voice, rate: float = 1.0, pitch: float = 0.0, style: str = ""
    ) -> Speech:
        """Speak `text`; the first time, badly."""
        speech = await self.inner.speak(text, voice=voice, rate=rate, pitch=pitch, style=style)
        self.asked += 1
        if self.asked > 1 or self.kind is None:
            return speech
        samples = np.frombuffer(speech.pcm, "<i2").astype(np.int16)
        spoilt = tones.spoil(samples, self.kind, keep=KEEP, times=TIMES)
        return replace(speech, pcm=spoilt.tobytes())

    async def aclose(self) -> None:
        """Close the voice."""
        await self.inner.aclose()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--segments", type=int, default=1_000, help="of each voice (default 1000)")
    parser.add_argument("--spoilt", type=int, default=20, help="in each way (default 20)")
    parser.add_argument("--texts", type=int, default=200, help="jobs' texts (default 200)")
    parser.add_argument("--english", type=int, default=30, help="of those (default 30)")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn (default 1)")


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Have everything judged; return what was caught."""
    return asyncio.run(_measured(asked))


def show(result: dict[str, Any]) -> None:
    """Print the figures."""
    table = Table("gate", "good", "false alarms", "bad", "caught", "by kind", "as wanted")
    for row in result["gates"]:
        kinds = ", ".join(f"{name} {count}" for name, count in row["by_kind"].items())
        table.add_row(
            row["gate"],
            str(row["good"]),
            f"{row['false']} ({row['false'] / max(1, row['good']):.1%})",
            str(row["bad"]),
            str(row["caught"]),
            kinds,
            "yes" if row["as_wanted"] else "NO",
        )
    Console().print(table)


async def _measured(asked: argparse.Namespace) -> dict[str, Any]:
    espeak = tts.create("espeak")
    try:
        rows = [
            await _speech("espeak", espeak, asked),
            await _speech("tones", Hum(), asked),
            await _texts(asked),
        ]
    finally:
        await espeak.aclose()
    return {"gates": rows}


async def _speech(name: str, provider: TextToSpeech, asked: argparse.Namespace) -> dict[str, Any]:
    chance = Random(asked.seed)  # noqa: S311 - a benchmark is to be repeatable
    kinds = _kinds(SPOILT, each=asked.spoilt, of=asked.segments, chance=chance)
    paces = {code: Paces() for code in LANGUAGES}
    caught, wrong = Counter[str](), 0
    for number, kind in enumerate(kinds):
        code = LANGUAGES[number % len(LANGUAGES)]
        text = _passage(code, chance.randint(SHORTEST, LONGEST), f"{asked.seed}/{number}")
        stopped = await _stopped(Spoiling(provider, kind), code, text, paces[code])
        if kind is not None:
            caught[kind.value] += stopped
        else:
            wrong += stopped
    good = asked.segments - len(SPOILT) * asked.spoilt
    return _row(f"speech: {name}", good=good, wrong=wrong, caught=caught, bad=3 * asked.spoilt)


async def _stopped(provider: Spoiling, code: str, text: str, paces: Paces) -> bool:
    """Return whether the first take was not taken."""
    takes = Takes(
        provider=provider,
        voice=catalogue.voice(f"espeak:{code}"),
        rate=1.0,
        pitch=0.0,
        style="",
        slower=True,
        paces=paces,
    )
    try:
        await takes.of(text)
    except BadSpeechError:
        return True
    return provider.asked > 1


async def _texts(asked: argparse.Namespace) -> dict[str, Any]:
    chance = Random(asked.seed)  # noqa: S311 - as above
    languages = [code for code in LANGUAGES if code != "en-US"]
    caught, wrong = Counter[str](), 0
    for number, english in enumerate(
        _kinds(("en-US",), each=asked.english, of=asked.texts, chance=chance)
    ):
        code = languages[number % len(languages)]
        seed, length = f"{asked.seed}/{number}", chance.randint(300, 3_000)
        verdict = await gate.judge(_passage(english or code, length, seed), code)
        if english:
            caught["English"] += bool(verdict.reads_as)
        else:
            wrong += bool(verdict.reads_as)
    good = asked.texts - asked.english
    return _row("language", good=good, wrong=wrong, caught=caught, bad=asked.english, least=1.0)


def _passage(code: str, characters: int, seed: str) -> str:
    # The emulators' sentences are told apart by language alone.
    return writing.passage(code.partition("-")[0], characters, seed)


def _kinds(kinds: Sequence[Any], *, each: int, of: int, chance: Random) -> Iterator[Any]:
    drawn = [kind for kind in kinds for _ in range(each)]
    drawn += [None] * (of - len(drawn))
    chance.shuffle(drawn)
    return iter(drawn)


def _row(  # noqa: PLR0913 - the columns of a table
    name: str,
    *,
    good: int,
    wrong: int,
    caught: Counter[str],
    bad: int,
    least: float = LEAST_CAUGHT,
) -> dict[str, Any]:
    enough = caught.total() >= least * bad and wrong <= MOST_FALSE * good
    return {
        "gate": name,
        "good": good,
        "false": wrong,
        "bad": bad,
        "caught": caught.total(),
        "by_kind": dict(caught),
        "as_wanted": enough,
    }
