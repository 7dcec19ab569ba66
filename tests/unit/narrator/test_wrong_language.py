import pytest

from shared.errors import WrongLanguageError
from tests.support.narrator import STORY, Room, tone


async def test_a_text_of_another_system_in_another_language_is_not_spoken(room: Room) -> None:
    with pytest.raises(WrongLanguageError, match=r"said to be in pt-BR and reads as 'en'"):
        await room.narrate(tone(text=STORY["en-US"] * 3))

    assert room.artefacts.objects == {}


async def test_a_text_that_is_called_by_its_own_words_is_judged_all_the_same(room: Room) -> None:
    text = "This text is plainly written in English, whatever somebody says about it."

    with pytest.raises(WrongLanguageError):
        await room.narrate(tone(text=text, title=text))


async def test_what_the_adapter_stored_is_not_judged_again(room: Room) -> None:
    text = STORY["en-US"].encode()
    ref = await room.artefacts.put("adapted", text, media_type="text/plain; charset=utf-8")

    ready = await room.narrate(tone(script=ref, text=None))

    assert ready.voice == "tone:pt-BR"


async def test_a_text_that_cannot_be_judged_is_spoken_and_says_so(room: Room) -> None:
    await room.narrate(tone(text="1, 2, 3."))

    assert any("not checked: the text is too short" in line for _, line in room.reports)
