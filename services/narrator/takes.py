"""Has one text spoken until what came can be used: again, then in two halves, then slower.

What is too much for a provider, or takes it too long, is halved at once, and its halves again.

A voice that is a model says something else the next time; an engine says the same for ever.
So what the gate will not pass three times, or what comes back sample for sample, is asked for
otherwise before its job fails: a false alarm rarely survives that, and a broken voice does.
"""

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from services.narrator import gate, retiming
from services.narrator.pace import Paces
from services.narrator.samples import SAMPLE_RATE, Samples, silence
from services.narrator.segments import halves
from shared.catalogue import Voice, language
from shared.errors import (
    BadSpeechError,
    BrokenError,
    PipelineError,
    TimedOutError,
    TooLongError,
)
from shared.providers.tts import Speech, TextToSpeech
from shared.quota import last_try

# Tries of the whole text, and of each half of it.
ATTEMPTS, HALF_ATTEMPTS = 3, 2
# How often what is too much at once is halved: an eighth of a segment is a sentence or two.
HALVINGS = 3
# Between the halves: as between sentences.
PAUSE_SECONDS = 0.25
# A little slower is hardly heard, and another reading.
SLOWER = 0.93

Sound: TypeAlias = tuple[Samples, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """Has texts spoken by one voice in one way.

    Attributes:
        rate: What the voice itself is asked for, as are the next two.
        slower: Whether it can be asked to speak slower.
        paces: What is known of how fast voices are.
    """

    provider: TextToSpeech
    voice: Voice
    rate: float
    pitch: float
    style: str
    slower: bool
    paces: Paces

    async def of(self, text: str) -> Sound:
        """Return speech that can be used, and how many samples a second of it has.

        Raises:
            BadSpeechError: nothing helps. What was wrong at first is what is said.
            PipelineError: as the provider raises them; of a text that is too much for it, only
                where halves of it are too.
        """
        try:
            return await self._tried(text, ATTEMPTS, learn=True)
        except BadSpeechError as error:
            found = await self._healed(text)
            if found is None:
                raise BadSpeechError(f"{error}; also in halves{self._also}") from error
            return found
        except PipelineError as error:
            if not _is_too_much(error):
                raise
            return await self._shortened(text, HALVINGS, error)

    @property
    def _also(self) -> str:
        return " and slower" if self.slower else ""

    async def _tried(self, text: str, attempts: int, *, learn: bool = False) -> Sound:
        heard: set[bytes] = set()
        while True:
            speech = await self._asked(text, self.rate)
            try:
                # The same text said again is no further evidence of how fast the voice is.
                first = learn and not heard
                return await asyncio.to_thread(self._checked, speech, text, self.rate, learn=first)
            except BadSpeechError:
                digest = hashlib.sha256(speech.pcm).digest()
                attempts -= 1
                if not attempts or digest in heard:
                    raise
                heard.add(digest)

    async def _healed(self, text: str) -> Sound | None:
        parts = halves(text, self.voice.language)
        if parts is not None:
            with suppress(BadSpeechError):
                return _joined(*[await self._tried(part, HALF_ATTEMPTS) for part in parts])
        return await self._slower(text)

    async def _shortened(self, text: str, halvings: int, error: PipelineError) -> Sound:
        parts = halves(text, self.voice.language)
        if parts is None or not halvings:
            raise error
        return _joined(*[await self._short(part, halvings - 1) for part in parts])

    async def _short(self, text: str, halvings: int) -> Sound:
        try:
            return await self._tried(text, HALF_ATTEMPTS)
        except PipelineError as error:
            if not _is_too_much(error):
                raise
            return await self._shortened(text, halvings, error)

    async def _slower(self, text: str) -> Sound | None:
        if not self.slower:
            return None
        rate = self.rate * SLOWER
        speech = await self._asked(text, rate)
        try:
            return await asyncio.to_thread(self._checked, speech, text, rate)
        except BadSpeechError:
            return None

    async def _asked(self, text: str, rate: float) -> Speech:
        return await self.provider.speak(
            text, voice=self.voice, rate=rate, pitch=self.pitch, style=self.style
        )

    def _checked(self, speech: Speech, text: str, rate: float, *, learn: bool = False) -> Sound:
        expected = len(text) / language(self.voice.language).characters_per_second / rate
        pace_of = f"{self.voice.id}|{self.style}"
        usual = self.paces.usual(pace_of)
        if learn:
            self.paces.heard(pace_of, seconds=speech.seconds, expected=expected)
        whole = len(speech.pcm) // 2 * 2
        samples = np.frombuffer(speech.pcm[:whole], "<i2").astype(np.int16)
        gate.check(samples, speech.sample_rate, text, expected_seconds=expected, usual=usual)
        return samples, speech.sample_rate


def _is_too_much(error: PipelineError) -> bool:
    # What broke inside may heal by itself, at half the calls; so that is waited for first.
    return isinstance(error, TooLongError | TimedOutError) or (
        isinstance(error, BrokenError) and last_try.get()
    )


def _joined(one: Sound, other: Sound) -> Sound:
    (first, sample_rate), (second, other_rate) = one, other
    if other_rate != sample_rate:
        first, second = (retiming.retimed(sound, rate) for sound, rate in (one, other))
        sample_rate = SAMPLE_RATE
    pause = silence(PAUSE_SECONDS * sample_rate / SAMPLE_RATE)
    return np.concatenate([first, pause, second]), sample_rate
