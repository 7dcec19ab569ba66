import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from shared import catalogue
from shared.errors import BadSpeechError, RefusedError, TransientError
from shared.providers.tts import espeak

VOICE = catalogue.voice("espeak:pt-BR")
TEXT = "Era uma vez uma abelha que não sabia voar."


@pytest.fixture
async def engine() -> AsyncIterator[espeak.Espeak]:
    engine = espeak.Espeak(workers=2)
    yield engine
    await engine.aclose()


async def test_speaks(engine: espeak.Espeak) -> None:
    speech = await engine.speak(TEXT, voice=VOICE)

    samples = np.frombuffer(speech.pcm, np.int16)
    assert speech.sample_rate == 22_050
    assert 2 < speech.seconds < 6
    assert np.abs(samples).max() > 3_000


async def test_speaks_faster_and_higher(engine: espeak.Espeak) -> None:
    plain = await engine.speak(TEXT, voice=VOICE)
    fast = await engine.speak(TEXT, voice=VOICE, rate=2.0)
    high = await engine.speak(TEXT, voice=VOICE, pitch=12)

    assert fast.seconds == pytest.approx(plain.seconds / 2, rel=0.2)
    assert high.seconds == pytest.approx(plain.seconds, rel=0.2)
    assert high.pcm != plain.pcm


async def test_many_speak_at_once_through_few_workers(engine: espeak.Espeak) -> None:
    spoken = await asyncio.gather(*(engine.speak(TEXT, voice=VOICE) for _ in range(12)))

    assert len(spoken) == 12
    assert len(engine._idle) == 2


async def test_a_voice_the_engine_lacks_is_refused(engine: espeak.Espeak) -> None:
    with pytest.raises(RefusedError, match="zz/nobody"):
        await engine.speak(TEXT, voice=dataclasses.replace(VOICE, name="zz/nobody"))


async def test_text_without_a_sound_is_bad_speech(engine: espeak.Espeak) -> None:
    with pytest.raises(BadSpeechError):
        await engine.speak("", voice=VOICE)


async def test_a_worker_that_dies_while_speaking_is_a_transient_failure(
    engine: espeak.Espeak,
) -> None:
    await engine.speak(TEXT, voice=VOICE)
    speaking = asyncio.create_task(engine.speak(TEXT * 400, voice=VOICE))
    await asyncio.sleep(0)
    (worker,) = engine._busy
    worker._process.kill()

    with pytest.raises(TransientError):
        await speaking


async def test_a_worker_that_died_while_idle_is_replaced(engine: espeak.Espeak) -> None:
    await engine.speak(TEXT, voice=VOICE)
    await engine._idle[0].stop()

    speech = await engine.speak(TEXT, voice=VOICE)

    assert speech.seconds > 2


async def test_a_caller_who_gives_up_leaves_no_half_read_answer(engine: espeak.Espeak) -> None:
    await engine.speak(TEXT, voice=VOICE)
    speaking = asyncio.create_task(engine.speak(TEXT * 400, voice=VOICE))
    await asyncio.sleep(0)
    assert engine._busy
    speaking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await speaking

    speech = await engine.speak("Olá.", voice=VOICE)

    assert speech.seconds < 3
    assert not engine._busy


async def test_closing_ends_every_worker() -> None:
    engine = espeak.Espeak(workers=2)
    await asyncio.gather(*(engine.speak(TEXT, voice=VOICE) for _ in range(4)))
    processes = [worker._process for worker in engine._idle]

    await engine.aclose()

    assert [process.returncode for process in processes] == [-signal.SIGKILL] * 2


PARENT = """
import asyncio
from shared.providers.tts import espeak

async def main():
    worker = await espeak.Worker.start()
    print(worker._process.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_worker_does_not_outlive_a_parent_that_was_killed() -> None:
    root = Path(espeak.__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=root
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()

    deadline = time.monotonic() + 5
    while _runs(worker):
        assert time.monotonic() < deadline, f"worker {worker} still runs"
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie has ended; nobody in a container may be there to collect it.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_the_engine_is_never_loaded_into_this_process() -> None:
    assert espeak.configured()
    assert "espeakng_loader" not in sys.modules
