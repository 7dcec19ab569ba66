"""eSpeak NG: real speech in a hundred languages, offline and free. Sounds like a machine.

The engine is GPL-3 and not thread-safe. It lives in worker processes, a small pool of
them, which are started when they are needed and which this process talks to over pipes.
"""

import asyncio
import json
import os
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shared.catalogue import Voice
from shared.errors import BadSpeechError, RefusedError, TransientError
from shared.providers.tts import _espeak_worker
from shared.providers.tts.base import Capabilities, Speech, TextToSpeech
from shared.quota import Slots

# Its place where a user names nobody; the lowest is asked first.
PREFERENCE = 90

PROGRAM = Path(_espeak_worker.__file__)

# A minute of speech takes about 0.05 s.
TIMEOUT_SECONDS = 60.0

# A narrator's pace rather than the engine's 175, and how far the engine goes from there:
# it cannot be slowed to less than about half.
WORDS_A_MINUTE = 150
SLOWEST, FASTEST = 80, 450

# Its pitch scale is 0 to 99; 50 is the voice's own, and 50 steps are an octave.
STEPS_A_SEMITONE = 50 / 12


class Worker:
    """One engine in one process."""

    def __init__(self, process: Process, sample_rate: int) -> None:
        self._process = process
        self.sample_rate = sample_rate

    @classmethod
    async def start(cls) -> "Worker":
        """Start a process, and wait until its engine is ready."""
        # A session of its own: Ctrl-C is for us; it ends after us, when its input does.
        # `-P`: the program's folder is full of modules that are named after vendors.
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(PROGRAM)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            start_new_session=True,
        )
        worker = cls(process, 0)
        try:
            (worker.sample_rate,) = struct.unpack(">I", await worker._read())
        except BaseException:
            await worker.stop()
            raise
        return worker

    @property
    def alive(self) -> bool:
        """Whether the process still runs, as far as is known."""
        return self._process.returncode is None

    async def ask(self, request: Mapping[str, Any]) -> tuple[bytes, bytes]:
        """Return what kind of answer came, and the answer."""
        assert self._process.stdin is not None  # noqa: S101 - opened with PIPE
        self._process.stdin.write(_espeak_worker.frame(json.dumps(request).encode()))
        await self._process.stdin.drain()
        return await self._read(), await self._read()

    async def stop(self) -> None:
        """End the process; nothing it does is worth waiting for."""
        if self.alive:
            self._process.kill()
        await self._process.wait()

    async def _read(self) -> bytes:
        assert self._process.stdout is not None  # noqa: S101 - opened with PIPE
        (length,) = struct.unpack(">I", await self._process.stdout.readexactly(4))
        return await self._process.stdout.readexactly(length)


class Espeak:
    """A pool of workers; each speaks for one caller at a time."""

    name = "espeak"

    def __init__(self, workers: int) -> None:
        self.capacity = workers
        self._free = Slots(workers)
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()

    def capabilities(self, voice: Voice) -> Capabilities:  # noqa: ARG002 - all voices are alike
        return Capabilities(
            max_bytes=20_000, rate=True, pitch=True, concurrency=self.capacity, billable=False
        )

    async def speak(
        self,
        text: str,
        *,
        voice: Voice,
        rate: float = 1.0,
        pitch: float = 0.0,
        style: str = "",  # noqa: ARG002 - it takes no direction
    ) -> Speech:
        request = {
            "text": text,
            "voice": voice.name,
            "rate": min(FASTEST, max(SLOWEST, round(WORDS_A_MINUTE * rate))),
            "pitch": min(99, max(0, round(50 + pitch * STEPS_A_SEMITONE))),
        }
        async with self._free:
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    (kind, answer), sample_rate = await self._ask(request)
            except (OSError, asyncio.IncompleteReadError) as error:
                what = type(error).__name__
                raise TransientError(
                    f"espeak: the worker process gave no answer ({what})"
                ) from error
        if kind == _espeak_worker.REFUSED:
            raise RefusedError(f"espeak: {answer.decode()}")
        # Of a text without a word in it the engine makes silence.
        if not answer.strip(b"\0"):
            raise BadSpeechError("espeak: there is nothing to speak in this text")
        return Speech(pcm=answer, sample_rate=sample_rate, model="espeak-ng")

    async def aclose(self) -> None:
        workers = [*self._idle, *self._busy]
        self._idle.clear()
        await asyncio.gather(*(worker.stop() for worker in workers))

    async def _ask(self, request: Mapping[str, Any]) -> tuple[tuple[bytes, bytes], int]:
        self._idle = [worker for worker in self._idle if worker.alive]
        worker = self._idle.pop() if self._idle else await Worker.start()
        self._busy.add(worker)
        try:
            answer = await worker.ask(request)
        except BaseException:
            # Dead, or its answer is half read: nobody may ask it again.
            await worker.stop()
            raise
        else:
            self._idle.append(worker)
        finally:
            self._busy.discard(worker)
        return answer, worker.sample_rate


def configured() -> bool:
    return find_spec("espeakng_loader") is not None


def create() -> TextToSpeech:
    if not configured():
        raise RefusedError("espeak: install the extra `espeak` (package espeakng-loader)")
    return Espeak(workers=min(4, os.cpu_count() or 1))
