import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.narrator import flac
from services.narrator.desks import Desks
from services.narrator.recording import Production
from services.narrator.segments import Segment
from services.narrator.speaking import Delivery
from services.narrator.studio import Studio
from shared import catalogue
from shared.providers.tts import Capabilities
from shared.vocabulary import ArtefactRef
from tests.support.artefacts import FakeArtefacts
from tests.support.sound import decoded, loudest_hertz, sine

VOICE = catalogue.voice("espeak:pt-BR")
NATIVE = Delivery(VOICE, Capabilities(max_bytes=100, rate=True, pitch=True), rate=2.0, pitch=12.0)


async def _stored(artefacts: FakeArtefacts, *seconds: float) -> list[ArtefactRef]:
    return [
        await artefacts.put("speech", flac.pack(sine(each), 24_000), media_type=flac.MEDIA_TYPE)
        for each in seconds
    ]


async def test_the_recording_is_as_long_as_it_says() -> None:
    artefacts = FakeArtefacts()
    segments = [Segment(("Um.\n\n",)), Segment(("Dois. ",)), Segment(("Três.",))]
    speeches = await _stored(artefacts, 1, 2, 3)

    made = await Studio(artefacts, Desks(1, ThreadPoolExecutor)).record(
        segments, speeches, NATIVE, Production({})
    )

    samples, rate, _ = decoded(made.audio)
    assert made.seconds == pytest.approx(1 + 0.6 + 2 + 0.25 + 3, abs=0.01)
    assert len(samples) / rate == pytest.approx(made.seconds, abs=0.05)
    assert [span.start for span in made.spans] == pytest.approx([0.0, 1.6, 3.85], abs=0.01)


async def test_what_a_voice_cannot_do_is_done_to_its_speech() -> None:
    artefacts = FakeArtefacts()
    delivery = Delivery(VOICE, Capabilities(max_bytes=100), rate=2.0, pitch=12.0)
    speeches = await _stored(artefacts, 4)

    made = await Studio(artefacts, Desks(1, ThreadPoolExecutor)).record(
        [Segment(("Um.",))], speeches, delivery, Production({})
    )

    samples, rate, _ = decoded(made.audio)
    assert made.seconds == pytest.approx(2, rel=0.02)
    assert loudest_hertz(samples, rate) == pytest.approx(440, rel=0.02)


async def test_the_event_loop_goes_on_meanwhile() -> None:
    artefacts = FakeArtefacts()
    speeches = await _stored(artefacts, 60)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    ticking = asyncio.create_task(tick())
    await Studio(artefacts, Desks(1, ThreadPoolExecutor)).record(
        [Segment(("Um.",))], speeches, NATIVE, Production({})
    )
    ticking.cancel()

    assert ticks > 5
