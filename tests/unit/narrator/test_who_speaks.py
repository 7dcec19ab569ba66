from collections.abc import AsyncIterator

import pytest

from services.narrator.cast import Cast
from shared.catalogue import Voice
from shared.errors import RefusedError
from shared.providers import tts
from shared.providers.tts import Capabilities, Speech, TextToSpeech
from shared.vocabulary import Options
from tests.support.builders import JOB, script_adapted
from tests.support.narrator import STORY, Room, tone


async def test_who_was_chosen_where_nobody_was_named_is_in_the_log_of_the_job(room: Room) -> None:
    await room.narrate(script_adapted(voice=None, text=STORY["pt-BR"]))

    (_, first), *_ = room.reports
    assert first.startswith("nobody was named: espeak:pt-BR by espeak")


class Silent:
    """A provider whose voices are withdrawn."""

    name = "tone"

    def capabilities(self, voice: Voice) -> Capabilities:
        return Capabilities(max_bytes=4_000)

    async def speak(self, text: str, *, voice: Voice, **how: object) -> Speech:
        raise RefusedError("400 this voice does not exist")

    async def aclose(self) -> None:
        pass


@pytest.fixture
async def withdrawn() -> AsyncIterator[Room]:
    def create(name: str) -> TextToSpeech:
        return Silent() if name == "tone" else tts.create(name)

    async with Cast(create) as cast:
        yield Room(cast)


async def test_another_voice_speaks_where_that_is_allowed_and_says_why(withdrawn: Room) -> None:
    ready = await withdrawn.narrate(tone(options=Options(other_voices=True)))

    assert (ready.voice, ready.voice_used) == ("tone:pt-BR", "espeak:pt-BR")
    assert ready.voice_reason == (
        "espeak:pt-BR speaks instead of tone:pt-BR: 400 this voice does not exist"
    )
    assert (JOB, ready.voice_reason) in withdrawn.reports


async def test_and_nowhere_else(withdrawn: Room) -> None:
    with pytest.raises(RefusedError, match="does not exist"):
        await withdrawn.narrate(tone())


async def test_a_voice_that_is_not_known_any_more_is_replaced_too(room: Room) -> None:
    event = tone(voice="pt-BR-Gone-A", options=Options(other_voices=True))

    ready = await room.narrate(event)

    assert (ready.voice, ready.voice_used) == ("pt-BR-Gone-A", "espeak:pt-BR")


async def test_who_spoke_is_said_also_where_nobody_stood_in(room: Room) -> None:
    ready = await room.narrate(tone())

    assert (ready.voice, ready.voice_used, ready.voice_reason) == ("tone:pt-BR",) * 2 + ("",)
