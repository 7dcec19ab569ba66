import asyncio

from services.narrator.cast import Cast
from shared import catalogue
from shared.providers.tts import Capabilities
from tests.support.speech import FakeSpeech

VOICE = catalogue.voice("espeak:pt-BR")


async def test_a_provider_is_created_when_first_needed_and_once() -> None:
    created: list[str] = []

    def create(name: str) -> FakeSpeech:
        created.append(name)
        return FakeSpeech()

    async with Cast(create) as cast:
        assert created == []
        one, other = await asyncio.gather(cast.provider("espeak"), cast.provider("espeak"))

    assert one is other
    assert created == ["espeak"]


async def test_leaving_closes_every_provider() -> None:
    speech = FakeSpeech()

    async with Cast(lambda _: speech) as cast:
        await cast.provider("espeak")

    assert speech.closed


async def test_all_who_ask_share_the_slots_of_a_provider() -> None:
    speech = FakeSpeech(Capabilities(max_bytes=100, concurrency=3))

    async with Cast(lambda _: speech) as cast:
        slots = await cast.slots(VOICE)

        assert slots is await cast.slots(VOICE)
        assert slots.places == 3
